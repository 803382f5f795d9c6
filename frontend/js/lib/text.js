/** Texts: every sentence that the page says, in one catalogue, so that another language is another file. */

const plural = (/** @type {number} */ n, /** @type {string} */ one, /** @type {string} */ many) => `${n} ${n === 1 ? one : many}`;

export const text = Object.freeze({
  brand: "atomlens",
  tagline: "Look inside the networks that predict molecules",
  search: {
    label: "Molecule",
    placeholder: "Name, SMILES, or drop a file",
    explain: "Explain",
    open: "Open file (.xyz, .extxyz, .sdf, .mol)",
    openShort: "Open file",
    suggestions: "Names that match",
    examples: "Try",
    drop: "Drop the file to explain its molecule",
    badFile: (/** @type {string} */ name) => `“${name}” is not a file of a molecule that atomlens reads.`,
    badFileHint: "Files end in .xyz, .extxyz, .sdf or .mol.",
    tooLargeFile: (/** @type {string} */ name) => `“${name}” is larger than one molecule can be (2 MB).`,
    tooLargeHint: "Open a file with one molecule.",
    empty: "Type a name, such as caffeine, or a SMILES, such as CCO.",
  },
  theme: {
    system: "Theme: as the system",
    light: "Theme: light",
    dark: "Theme: dark",
  },
  share: {
    button: "Share",
    label: "Link",
    copy: "Copy",
    copied: "Copied",
    close: "Close",
    remove: "Delete this link",
    note: "Restores this molecule, the numbers shown, the surface and the camera for whoever opens it.",
    removed: "The link was deleted.",
    made: "The link is ready.",
  },
  status: {
    reading: "Reading the molecule …",
    predicting: "Asking the networks …",
    opening: "Opening the link …",
    sharing: "Storing the view …",
    field: (/** @type {string} */ model, /** @type {number} */ percent) => `Computing the field of ${model} … ${percent} %`,
    refining: (/** @type {string} */ model, /** @type {number} */ percent) => `Refining the field of ${model} … ${percent} %`,
    busy: (/** @type {number} */ seconds) => `The server is busy; asking again in ${plural(seconds, "second", "seconds")} …`,
    explained: (/** @type {string} */ name, /** @type {number} */ atoms) => `${name}: ${plural(atoms, "atom", "atoms")} explained.`,
    surfaceReady: "The surface is drawn.",
  },
  errors: {
    offline: "The server does not answer.",
    offlineHint: "The page keeps trying and goes on by itself as soon as the connection is back.",
    unreadable: "The server's answer could not be read.",
    unreadableHint: "Try again; if it stays, the page and the server may be of different versions.",
    retry: "Try again",
    dismiss: "Dismiss",
    noModels: "This server has no models.",
    noModelsHint: "Train or install a model (atomlens models lists them), then reload the page.",
    noWebgl: "This browser cannot draw in three dimensions (WebGL is off or missing). The table shows all values.",
    outOfField: (/** @type {string} */ low, /** @type {string} */ high) => `No surface at this level: this field runs from ${low} to ${high}.`,
    unexpected: "Something in the page went wrong.",
    unexpectedHint: "Reload the page; if it happens again, please report it with what you did before.",
  },
  quantity: {
    label: "Quantity",
    names: {
      contributions: "Contributions",
      charges: "Charges",
      potential: "Potential",
      probe_charge: "Probe charge",
      elements: "Elements",
    },
    explained: {
      contributions: "How much each atom adds to the energy, as each network divides it.",
      charges: "Charges that a network, trained only on dipole moments, puts on the atoms.",
      potential: "The energy that a probe atom would be given at each point around the molecule, which does not feel it.",
      probe_charge: "The charge that a probe atom would be given at each point around the molecule, which does not feel it.",
      elements: "The structure alone, coloured by element.",
    },
  },
  view: {
    label: "Energy relative to",
    names: { output: "Reference", atomization: "Free atom" },
    explained: {
      output: "eᵢ: what the network adds to the reference energy of the atom's element.",
      atomization: "Eᵢ − E(atom): the atom in the molecule against the free atom; the sum is minus the atomization energy.",
    },
    none: "These models give no energies of free atoms.",
  },
  labels: { label: "Labels", names: { values: "Values", atoms: "Elements", none: "None" } },
  unit: { label: "Unit" },
  layout: { label: "Networks", both: "Both" },
  stage: {
    region: "3D view",
    pane: (/** @type {string} */ model, /** @type {string} */ quantity) => `${model}: ${quantity}. Arrow keys turn the molecule, plus and minus zoom.`,
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    reset: "Reset the view",
    wheel: "Hold Ctrl and scroll to zoom",
    structure: "Structure",
    energy: "Total energy",
    dipole: "Dipole moment",
    atomization: "Atomization energy",
    error: "Test error",
    errorTitle: (/** @type {number} */ n) => `Mean absolute error on ${n.toLocaleString("en")} molecules that the network has not seen`,
    uncertainty: "Uncertainty",
    uncertaintyTitle: "Standard deviation among the networks of the ensemble, scaled so that it matches the errors on molecules kept aside",
  },
  geometry: {
    "force field": (/** @type {string} */ method) => `Geometry: ${method || "force field"}`,
    file: () => "Geometry: from the file",
    other: (/** @type {string} */ source, /** @type {string} */ method) => `Geometry: ${[source, method].filter(Boolean).join(", ")}`,
  },
  notice: {
    larger: (/** @type {number} */ heavy, /** @type {number} */ trained) =>
      `This molecule has ${heavy} heavy atoms; these networks were trained on molecules of at most ${trained}. Their numbers are an extrapolation here.`,
    forceField: (/** @type {string} */ method) =>
      `The geometry is from the force field ${method}, not from the quantum-chemical level that the networks learned; energies can be off by some kcal/mol for this reason alone.`,
    changed: (/** @type {string} */ names) =>
      `Since this link was made, other checkpoints have taken the place of ${names}. The numbers shown are those stored with the link; surfaces are computed by today's models.`,
    recompute: "Explain with today's models",
    stored: (/** @type {string} */ date) => `Link of ${date}`,
  },
  legend: {
    label: "Colour scale",
    stabilizing: "lowers the energy",
    destabilizing: "raises it",
    negative: "negative",
    positive: "positive",
    below: "below it",
    above: "above it",
    centred: (/** @type {string} */ quantity) => `${quantity} from its median`,
    zero: (/** @type {string} */ values) => `Median: ${values}`,
    limit: "Limit of the scale",
    fit: "Fit to this molecule",
    beyond: (/** @type {number} */ n) => `${plural(n, "atom lies", "atoms lie")} beyond the scale`,
    beyondSurface: "parts of the surface lie beyond the scale",
    elements: "Elements",
  },
  probe: {
    region: "Probe",
    element: "Probe element",
    mode: "Show",
    modes: { isosurface: "Isosurface", envelope: "Envelope" },
    isovalue: "Isovalue",
    opacity: "Opacity",
    bothSigns: "Also the opposite sign",
    histogram: "How often each value occurs in the field",
    suggested: "Suggested level",
    envelope: "The surface Σ|r − rᵢ|⁻² = 3.8 Å⁻² around the molecule, coloured by the field there.",
    centre: "Zero of the colours",
    centres: {
      potential: { median: "Its median", zero: "Far away" },
      charge: { median: "Its median", zero: "No charge" },
    },
    relative: {
      potential: "Relative to the probe far away, which lies outside the training data: differences from place to place mean more than the values.",
      charge: "Probes were never trained: differences from place to place mean more than the values.",
    },
  },
  table: {
    caption: "Atoms",
    number: "#",
    numberLong: "Atom number",
    element: "Element",
    trust: "Trust",
    contribution: { output: "contribution", atomization: "vs free atom" },
    charge: "charge",
    sum: "Sum",
    selected: (/** @type {number} */ n) => plural(n, "atom selected", "atoms selected"),
    clear: "Clear selection",
    hint: "Point at a row or an atom to find it in both pictures; click to keep it, Shift-click to add.",
    spread: (/** @type {string} */ value) => `±\u202f${value}`,
    spreadTitle: "Standard deviation among the networks of the ensemble: how arbitrary the split is",
  },
  trust: {
    title: "How near the atom's surroundings are to those in the training data",
    inside: "usual",
    unusual: "unusual",
    outside: "outside",
    whole: { inside: "like the training data", unusual: "unusual surroundings", outside: "outside the training data" },
  },
  summary: {
    heading: "What you see",
    energy: (/** @type {string} */ name) =>
      `Each network predicts one number for ${name}, its total energy, as a sum over atoms. Only that sum was trained: how it is divided among the atoms is each network's own, and differs from one to another.`,
    dipole: (/** @type {string} */ name) =>
      `Each network predicts the dipole moment of ${name} from charges on its atoms. Only the dipole was trained: the charges are each network's own way to make it, and differ from one to another.`,
    potential: (/** @type {string} */ name, /** @type {string} */ element) =>
      `What the energy network would give a probe ${element} at every point around ${name}. It is the network's own view of the molecule, not an electrostatic potential.`,
    probe_charge: (/** @type {string} */ name, /** @type {string} */ element) =>
      `What the dipole network would give a probe ${element} as its charge at every point around ${name}. Only dipoles were trained: this is the network's own view.`,
    elements: (/** @type {string} */ name) =>
      `The structure of ${name}. Choose Contributions, Charges or Potential to see what the networks make of it.`,
  },
  embed: { open: "Open in atomlens" },
  footer: "Computed by this server; nothing is sent anywhere else.",
  elements: Object.freeze({
    H: "hydrogen", B: "boron", C: "carbon", N: "nitrogen", O: "oxygen", F: "fluorine", Si: "silicon", P: "phosphorus",
    S: "sulfur", Cl: "chlorine", Br: "bromine", I: "iodine",
  }),
});

/** @param {string} symbol @returns {string} the element's name, or its symbol */
export function elementName(symbol) {
  const names = /** @type {Record<string, string>} */ (text.elements);
  return names[symbol] ?? symbol;
}
