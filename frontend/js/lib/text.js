/**
 * Texts: every sentence that the page says, in one catalogue. Another language is a file beside this one (text-de.js) with
 * the same keys, loaded when it is wanted (language.js) and laid over the English, which fills what it lacks.
 */

const plural = (/** @type {number} */ n, /** @type {string} */ one, /** @type {string} */ many) => `${n} ${n === 1 ? one : many}`;

export const english = Object.freeze({
  brand: "atomlens",
  tagline: "Look inside the networks that predict molecules",
  search: {
    label: "Molecule",
    placeholder: "Name, SMILES, or drop a file",
    explain: "Explain",
    open: "Open file (.xyz, .extxyz, .sdf, .mol, .cif)",
    openShort: "Open file",
    suggestions: "Names that match",
    examples: "Try",
    drop: "Drop the file to explain its molecule",
    badFile: (/** @type {string} */ name) => `“${name}” is not a file of a molecule that atomlens reads.`,
    badFileHint: "Files end in .xyz, .extxyz, .sdf, .mol or .cif.",
    tooLargeFile: (/** @type {string} */ name) => `“${name}” is larger than one molecule can be (2 MB).`,
    tooLargeHint: "Open a file with one molecule.",
    empty: "Type a name, such as caffeine, or a SMILES, such as CCO.",
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
  export: {
    button: "Export",
    size: "Size of the picture",
    times: (/** @type {string} */ n) => (n === "1" ? "As shown" : `${n} × larger`),
    transparent: "Transparent background",
    picture: "Save PNG",
    surface: "Surface",
    field: "Field",
    surfaceOf: (/** @type {string} */ model, /** @type {string} */ format) => `${model}: surface as ${format}`,
    fieldOf: (/** @type {string} */ model, /** @type {string} */ format) => `${model}: field as ${format}`,
    formats: {
      glb: "Binary glTF: the coloured surface with its molecule, for slides, Blender and viewers (1 Å = 1 cm)",
      stl: "STL: triangles for a 3D printer (1 Å = 1 unit)",
      csv: "A table of the vertices, Å, with their values, eV or e",
    },
    fieldFormats: {
      cube: "Gaussian cube: bohr, and Ha or e",
      csv: "A table of the grid's points, Å, with their values, eV or e",
    },
    note: "Surface: as it is shown, with its colours in GLB. Field: all points of the grid.",
    noField: "With Potential or Probe charge, surfaces and fields can be saved too.",
    saving: "Making the file …",
    saved: (/** @type {string} */ name) => `${name} is saved.`,
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
    moved: "The atoms were moved, and the molecule explained anew.",
    relaxing: (/** @type {string} */ model, /** @type {number} */ percent) => `Relaxing with ${model} … ${percent} %`,
    relaxingStopped: "The relaxation was given up.",
    relaxed: (/** @type {string} */ model, /** @type {number} */ steps, /** @type {string} */ lower, /** @type {string} */ way, /** @type {boolean} */ converged) =>
      `Relaxed with ${model} in ${plural(steps, "step", "steps")}: ${lower} lower, atoms moved by ${way} Å.${converged ? "" : " It did not converge."}`,
    undone: "The last movement was taken back.",
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
      pairs: "Pairs",
      elements: "Elements",
    },
    explained: {
      contributions: "How much each atom adds to the energy, as each network divides it.",
      pairs: "How much each network leans on each pair of atoms: the slope of the energy when all that the pair does is scaled.",
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
  choice: {
    label: "Trained on",
    automatic: "automatic",
    sets: { qm9: "QM9", organic: "organic molecules" },
    /** beside the family's name */
    short: { qm9: "QM9", organic: "organic" },
    list: (/** @type {string[]} */ names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`),
    sentence: (/** @type {string} */ reason) => `Networks trained on ${reason}.`,
    of: (/** @type {string} */ names, /** @type {string} */ reason) => `${names} networks trained on ${reason}.`,
    elements: (/** @type {string} */ set, /** @type {string} */ others, /** @type {string} */ symbols) => `${set}: the ${others} networks do not know ${symbols}`,
    closer: (/** @type {string} */ set, /** @type {string} */ others) => `${set}: their training data are closer to this molecule than those of the ${others} networks`,
    accurate: (/** @type {string} */ set, /** @type {string} */ others) => `${set}: their training data are as close to this molecule as those of the ${others} networks, and their test error is smaller`,
    only: (/** @type {string} */ set) => set,
    missing: (/** @type {string} */ set, /** @type {string} */ wanted) => `${set}: there are no ${wanted} networks`,
    chosen: (/** @type {string} */ set) => `${set}, as chosen`,
  },
  stage: {
    region: "3D view",
    pane: (/** @type {string} */ model, /** @type {string} */ quantity) => `${model}: ${quantity}. Arrow keys turn the molecule, plus and minus zoom.`,
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    reset: "Reset the view",
    hand: "Move atoms",
    handHint: "Drag an atom, or select it and press Alt and an arrow key",
    undo: "Undo the last movement",
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
    "moved by hand": () => "Geometry: moved by hand",
    relaxed: (/** @type {string} */ model) => `Geometry: relaxed with ${model}`,
    other: (/** @type {string} */ source, /** @type {string} */ method) => `Geometry: ${[source, method].filter(Boolean).join(", ")}`,
  },
  crystal: {
    cell: (/** @type {string} */ lengths, /** @type {string | null} */ angles, /** @type {string} */ volume) =>
      `Cell: ${lengths}\u00a0Å${angles === null ? "" : `, ${angles}°`}, ${volume}\u00a0Å³`,
    energy: "Formation energy of the cell",
    each: "Formation energy",
    perAtom: "\u00a0per atom",
    errorTitle: (/** @type {number} */ n) => `Mean absolute error per atom on ${n.toLocaleString("en")} crystals that the network has not seen`,
    contributionsAlone: "A crystal: every site stands for all of its images, so there are contributions, and no potential, pairs, alchemy or moved atoms. Atoms on the faces of the cell are drawn on every face.",
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
    beyondPairs: (/** @type {number} */ n) => `${plural(n, "pair lies", "pairs lie")} beyond the scale`,
    beyondSurface: "parts of the picture lie beyond the scale",
    elements: "Elements",
  },
  probe: {
    region: "Probe",
    element: "Probe element",
    mode: "Show",
    modes: { isosurface: "Isosurface", envelope: "Envelope", slice: "Slice" },
    isovalue: "Isovalue",
    opacity: "Opacity",
    bothSigns: "Also the opposite sign",
    histogram: "How often each value occurs in the field",
    suggested: "Suggested level",
    envelope: "The surface Σ|r − rᵢ|⁻² = 3.8 Å⁻² around the molecule, coloured by the field there.",
    colorBy: "Colour by",
    by: {
      level: "Its level",
      other: "The other network",
      element: (/** @type {string} */ symbol, /** @type {string} */ name) => `Probe ${symbol} · ${name}`,
      ofElement: (/** @type {string} */ quantity, /** @type {string} */ symbol) => `${quantity} of a probe ${symbol}`,
      ofOther: (/** @type {string} */ quantity) => `${quantity} by the other network`,
    },
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
  slice: {
    region: "Slice",
    about: "The field on a plane, in the colours of the scale, with lines of equal value. Pull the handle in the picture or move the slider.",
    orientation: "Plane",
    orientations: {
      molecule: "Of the molecule",
      x: "Across x",
      y: "Across y",
      z: "Across z",
      atoms: "Through three atoms",
      camera: "Facing the camera",
    },
    chooseAtoms: "Select three atoms to lay the plane through them.",
    again: { atoms: "Through the selected atoms", camera: "Face the camera again" },
    offset: "Position along its normal",
    contours: (/** @type {string} */ step) => `A line every ${step}, within the limits of the colour scale. Values on the plane:`,
    range: (/** @type {string} */ least, /** @type {string} */ most, /** @type {string} */ unit) => `${least} to ${most} ${unit}`,
  },
  readout: {
    place: (/** @type {string} */ distance, /** @type {string} */ atom) => `${distance}\u00a0Å from ${atom}`,
  },
  pairs: {
    region: "Pairs of atoms",
    heading: "Pairs",
    about: "Pᵢⱼ: by how much the energy would change, per part, if all that a pair does in the network were scaled. Their sum is not the energy.",
    beyond: "Also pairs that are not bonded (dashed)",
    pair: "Pair",
    distance: "Distance, Å",
    more: (/** @type {number} */ n) => `${n} more, farther apart`,
  },
  decay: {
    region: "Pairs against distance",
    heading: "How it falls with distance",
    elements: "Pair of elements",
    axis: (/** @type {string} */ unit) => `|Pᵢⱼ|, ${unit}`,
    label: (/** @type {string} */ elements, /** @type {string} */ unit, /** @type {string} */ summary) =>
      `|P| of ${elements} pairs against their distance, ${unit}, logarithmic. ${summary}`,
    own: (/** @type {number} */ n) => plural(n, "pair of this molecule", "pairs of this molecule"),
    about: (/** @type {number} */ molecules) =>
      `Pairs of ${molecules.toLocaleString("en")} molecules that the networks have not seen: line, their median; band, the middle 80 %. Marks: pairs of this molecule. Distances below 1.7 Å, with hydrogen 1.2 Å, are bonds.`,
    medians: (/** @type {string} */ family, /** @type {string[]} */ values) => `${family}: ${values.join(", ")}.`,
    median: (/** @type {string} */ value, /** @type {number} */ distance) => `${value} at ${distance.toFixed(2)} Å`,
    unit: (/** @type {string} */ unit) => `Medians in ${unit}:`,
  },
  atlas: {
    region: "Atlas of environments",
    heading: "Atlas",
    choose: "Select an atom, in the picture or in the table: here is where it stands among the atoms of molecules that the networks have not seen, and which training atoms are most like it.",
    network: "Network of the atlas",
    mark: (/** @type {string} */ atom, /** @type {string} */ value) => `${atom}: ${value}`,
    where: (/** @type {string} */ atom, /** @type {string} */ group) => `${atom}, environment: ${group}.`,
    percentile: (/** @type {number} */ percent, /** @type {number} */ n, /** @type {string} */ element) => `${Math.round(percent)} % of ${n.toLocaleString("en")} ${element} atoms have a lower value,`,
    groupPercentile: (/** @type {number} */ percent, /** @type {number} */ n) => `${Math.round(percent)} % of the ${n.toLocaleString("en")} in the same environment.`,
    unknownGroup: "and no test molecule has this environment.",
    table: (/** @type {string} */ element) => `Environments of ${element} atoms`,
    environment: "Environment",
    count: "Atoms",
    spread: (/** @type {string} */ unit) => `Distribution, ${unit}`,
    median: (/** @type {string} */ unit) => `Median, ${unit}`,
    none: "–",
    about: (/** @type {number} */ n, /** @type {string} */ element, /** @type {number} */ molecules, /** @type {string} */ data) =>
      `All ${n.toLocaleString("en")} ${element} atoms of ${molecules.toLocaleString("en")} test molecules of ${data}: outline, how often each value occurs; bar, the middle 80 %; line, the median. Marks: atoms of this molecule; choose one to go to it.`,
    nearest: "Training atoms most like it",
    of: "of",
    distance: (/** @type {string} */ distance) => `distance ${distance}`,
    show: "Choose one to see its molecule. Distances are in the network's own view of an atom: 1 is how far its element's atoms usually lie apart.",
    picture: (/** @type {string} */ id, /** @type {string} */ formula, /** @type {string} */ atom) => `Training molecule ${id}, ${formula}, with ${atom} marked. Arrow keys turn it, plus and minus zoom.`,
    close: "Close",
    rings: "Rings by stability",
    ring: "Ring",
    aboutRings: "What each network gives an atom of the ring, on average, hydrogens left out; the most stable ring first; behind its name, the geometry. Rings of different elements differ by their elements too.",
  },
  profile: {
    region: "Profile of the potential",
    heading: "Along a line",
    choose: "Click on the surface: the line leads from the nearest atom through that point. Select an atom: it leads away from it; select two, and it leads on from the first through the second.",
    throughPoint: (/** @type {string} */ probe, /** @type {string} */ place) => `A probe ${probe} at the point marked, ${place}, and on the line through both.`,
    nearestPoint: (/** @type {string} */ atom) => `Point of the surface nearest to ${atom}`,
    point: (/** @type {string} */ probe) => `A probe ${probe} at the point marked`,
    network: "Network",
    fromMiddle: (/** @type {string} */ probe, /** @type {string} */ atom) => `A probe ${probe} on the line from the middle of the molecule through ${atom}.`,
    fromAtom: (/** @type {string} */ probe, /** @type {string} */ atom, /** @type {string} */ before) => `A probe ${probe} on the line from ${before} through ${atom}.`,
    oneWay: "felt by nobody",
    insertion: "put in",
    distance: "Distance from the atom",
    curve: (/** @type {string} */ family, /** @type {string} */ unit) => `${family}: energy of a probe that nobody feels, and of an atom that is put in, against the distance, ${unit}`,
  },
  alchemy: {
    heading: "Alchemy: turn it into another molecule",
    about: "Choose atoms, here or in the picture, and what becomes of them; then move the dial. The networks follow every step: their answer for something between two molecules, which no laboratory has.",
    presets: "Examples of alchemy",
    atom: "Change an atom",
    choose: "Choose …",
    becomes: (/** @type {string} */ name) => `${name} becomes`,
    stays: "what it is",
    fades: "fades away",
    appears: "appears: it is absent at first",
    onTheWay: (/** @type {string} */ end, /** @type {number} */ percent) => `${percent} % of the way to ${end}`,
    dial: "Way",
    dialText: (/** @type {string} */ from, /** @type {string} */ to, /** @type {number} */ percent) => `${percent} % of the way from ${from} to ${to}`,
    curve: (/** @type {string} */ names, /** @type {boolean} */ excess, /** @type {string} */ unit) =>
      `${excess ? "Energy less the straight line between both ends" : "Total"} along the way, ${unit}: ${names}`,
    showPlain: "Show the whole energy",
    showExcess: "Without the straight line",
    excessNote: "Energy less the straight line between both molecules: references of elements differ by tens of thousands of kcal/mol.",
    plainNote: "The whole energy, in which the references of the elements outweigh everything else.",
    dipoleNote: "Length of the dipole moment along the way.",
    reset: "Back to the molecule",
  },
  relaxation: {
    region: "Relaxation",
    heading: "Relax",
    about: "The atoms follow a network's forces to the nearest minimum of its energy. It is the network's own: one that has learned from molecules at rest alone (QM9) knows little of the way, and may end far from a real molecule.",
    by: "Relax with",
    button: "Relax",
    stop: "Stop",
    progress: "Progress of the relaxation",
    result: (/** @type {string} */ model, /** @type {number} */ steps, /** @type {string} */ lower, /** @type {string} */ way, /** @type {boolean} */ converged) =>
      `Relaxed with ${model} in ${plural(steps, "step", "steps")}: its energy is lower by ${lower}, atoms moved by ${way} Å.${converged ? "" : " It did not converge: forces are left."}`,
    step: "Step",
    stepOf: (/** @type {number} */ frame, /** @type {number} */ last) => `${frame} of ${last}`,
    stepText: (/** @type {number} */ frame, /** @type {number} */ last, /** @type {string} */ above, /** @type {string} */ force) =>
      `Step ${frame} of ${last}: ${above} above the end, largest force ${force} per Å`,
    play: "Play",
    pause: "Pause",
    before: "before",
    relaxed: "relaxed",
    force: (/** @type {string} */ value) => `largest force ${value}/Å`,
    energy: "energy above the end",
    curve: (/** @type {string} */ model, /** @type {string} */ unit) => `Energy of ${model} above the end of the relaxation, step by step, ${unit}`,
    atomCurve: (/** @type {string} */ atoms, /** @type {string} */ unit) => `Change of the contributions of ${atoms} along the relaxation, ${unit}`,
    atomsNote: "Change of contributions since the beginning, of the two atoms that change most; select atoms to follow others.",
    selectedNote: "Change of contributions since the beginning, of the atoms selected last.",
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
    title: "How near the surroundings are to those in the training data, and how far the networks agree",
    reasons: { spread: "networks disagree", distance: "strange surroundings" },
    short: { spread: "disagreement", distance: "surroundings" },
    chance: "Error above 5 kcal/mol",
    chanceTitle: "How likely it is, from how far the networks of the ensemble disagree and how strange the surroundings are, measured on molecules of another kind",
    percent: (/** @type {number} */ share) => (share < 0.01 ? "below 1 %" : `${Math.round(100 * share)} %`),
    inside: "usual",
    unusual: "unusual",
    outside: "outside",
    whole: { inside: "like the training data", unusual: "unusual", outside: "outside the training data" },
  },
  summary: {
    heading: "What you see",
    energy: (/** @type {string} */ name) =>
      `Each network predicts one number for ${name}, its total energy, as a sum over atoms. Only that sum was trained: how it is divided among the atoms is each network's own, and differs from one to another.`,
    pairs: (/** @type {string} */ name) =>
      `Lines show how much each network leans on a pair of atoms of ${name}: blue pairs lower the energy, orange ones raise it. No pair energies were trained: this is the network's own view.`,
    crystal: (/** @type {string} */ name) =>
      `Each network predicts one number for the cell of ${name}, its formation energy, as a sum over sites. Only that sum was trained: how it is divided among the sites is each network's own, and differs from one to another.`,
    dipole: (/** @type {string} */ name) =>
      `Each network predicts the dipole moment of ${name} from charges on its atoms. Only the dipole was trained: the charges are each network's own way to make it, and differ from one to another.`,
    potential: (/** @type {string} */ name, /** @type {string} */ element) =>
      `What the energy network would give a probe ${element} at every point around ${name}. It is the network's own view of the molecule, not an electrostatic potential.`,
    probe_charge: (/** @type {string} */ name, /** @type {string} */ element) =>
      `What the dipole network would give a probe ${element} as its charge at every point around ${name}. Only dipoles were trained: this is the network's own view.`,
    elements: (/** @type {string} */ name) =>
      `The structure of ${name}. Choose Contributions, Charges or Potential to see what the networks make of it.`,
  },
  gallery: {
    back: "Explain a molecule",
    heading: "The potential on envelopes",
    about: "What each network would give a probe atom on the surface Σ|r − rᵢ|⁻² = 3.8 Å⁻² around five molecules that do not feel it: a local chemical potential, relative to the probe far away. Drag to turn all pictures together; choose a picture to open its molecule. Under each: lowest and highest value on the surface.",
    network: "Network",
    quantity: "Potential",
    molecule: "Molecule",
    probe: (/** @type {string} */ element) => `Probe ${element}`,
    table: (/** @type {string} */ family, /** @type {string} */ unit) => `Potential on envelopes by ${family}, ${unit}. Arrow keys turn all pictures, plus and minus zoom.`,
    cell: (/** @type {string} */ molecule, /** @type {string} */ element, /** @type {string} */ low, /** @type {string} */ high, /** @type {string} */ middle, /** @type {string} */ unit) =>
      `${molecule}, probe ${element}: ${low} … ${high} ${unit}, median ${middle}. Open it.`,
    median: (/** @type {string} */ value) => `median ${value}`,
    outdated: (/** @type {string} */ names) => `These pictures are of earlier checkpoints of ${names}; python frontend/gallery.py makes them anew.`,
  },
  vectors: {
    back: "Explain a molecule",
    heading: "What the networks know of the elements",
    about: "A SchNet begins with a vector for each element, drawn at random, and learns it from energies alone: no network was told of the periodic table. Where elements that chemists put side by side end up near one another, it has found that order by itself.",
    model: "Model",
    member: "Network",
    memberName: (/** @type {number} */ k) => `Network ${k + 1}`,
    none: "There is no SchNet here, and other families learn no element vectors.",
    loading: "Reading the element vectors …",
    map: "Map",
    mapAbout: "The first two principal components, coloured by group. The sign of a component means nothing.",
    component: (/** @type {number} */ k) => `Component ${k + 1}`,
    axis: (/** @type {number} */ k, /** @type {string} */ percent) => `Component ${k + 1} (${percent} of the variance)`,
    mapLabel: (/** @type {string} */ first, /** @type {string} */ second, /** @type {number} */ n) =>
      `${n} elements by their first two principal components, which explain ${first} and ${second} of the variance. The table below the map has the numbers.`,
    groups: "Groups",
    groupName: (/** @type {string} */ family) => (/^\d+$/.test(family) ? `Group ${family}` : family),
    rare: "Dashed: part of fewer than 50 training structures, hardly learned, left out of what is measured.",
    table: "Periodic table",
    tableLabel: "Periodic table of the elements that the model knows. Arrow keys move, Enter chooses.",
    colorBy: "Coloured by",
    properties: { group: "Group", period: "Period", electronegativity: "Electronegativity", covalent_radius: "Covalent radius" },
    units: { group: "", period: "", electronegativity: "Pauling", covalent_radius: "Å" },
    cell: (/** @type {string} */ symbol, /** @type {string} */ name, /** @type {string} */ value) => `${symbol} ${value}, ${name}`,
    unknown: "not known",
    similar: (/** @type {string} */ name) => `Nearest to ${name}`,
    choose: "Choose an element in the periodic table: its nearest neighbours among the vectors stand here.",
    metric: "Measure",
    metrics: { euclidean: "Distance", cosine: "1 − cosine" },
    structures: (/** @type {number} */ n) => plural(n, "training structure", "training structures"),
    rank: "Rank", element: "Element", group: "Group",
    order: "Is the order real?",
    orderAbout: "Rank correlation (Spearman's ρ) of each component with what chemists know of the elements. An asterisk: stronger than the strongest of all numbers here in 95 % of 9,999 shuffles of the elements.",
    correlation: "ρ with",
    chanceTitle: (/** @type {string} */ p, /** @type {string} */ adjusted, /** @type {number} */ n) => `p = ${p}; against the strongest of all, ${adjusted}; ${n} elements`,
    nearest: "Nearest neighbour of the same group",
    share: "Share of elements", sharesBy: { euclidean: "by distance", cosine: "by cosine" },
    additive: "Additive model, no network", chance: "Shuffled elements",
    tooFew: "With so few elements there is no order that could be told from chance: nothing is measured here.",
    agreement: (/** @type {string} */ value) => `Distances between elements in networks that were trained from different random beginnings agree with a rank correlation of ${value}.`,
    verdict: (/** @type {string} */ least, /** @type {string} */ most, /** @type {string} */ chance, /** @type {string | null} */ additive) =>
      `In ${least === most ? least : `${least} to ${most}`} of the elements the nearest neighbour is of the same group; by chance it would be ${chance}${additive === null ? "" : `, and an additive model of the same data, which has no network, reaches ${additive}`}.`,
    left: (/** @type {string} */ names) => `Not measured, with fewer than 50 training structures each: ${names}.`,
    numbers: "All numbers as a table",
    sources: "Groups and periods: IUPAC. Electronegativity: Pauling's scale (CRC Handbook). Covalent radii: Cordero et al., Dalton Trans. 2008, 2832.",
  },
  embed: { open: "Open in atomlens" },
  footer: "Computed by this server; nothing is sent anywhere else.",
  /** by symbol, in the order of atomic numbers */
  elements: Object.freeze({
    H: "hydrogen", He: "helium", Li: "lithium", Be: "beryllium", B: "boron", C: "carbon", N: "nitrogen", O:
    "oxygen", F: "fluorine", Ne: "neon", Na: "sodium", Mg: "magnesium", Al: "aluminium", Si: "silicon", P:
    "phosphorus", S: "sulfur", Cl: "chlorine", Ar: "argon", K: "potassium", Ca: "calcium", Sc: "scandium", Ti:
    "titanium", V: "vanadium", Cr: "chromium", Mn: "manganese", Fe: "iron", Co: "cobalt", Ni: "nickel", Cu:
    "copper", Zn: "zinc", Ga: "gallium", Ge: "germanium", As: "arsenic", Se: "selenium", Br: "bromine", Kr:
    "krypton", Rb: "rubidium", Sr: "strontium", Y: "yttrium", Zr: "zirconium", Nb: "niobium", Mo: "molybdenum", Tc:
    "technetium", Ru: "ruthenium", Rh: "rhodium", Pd: "palladium", Ag: "silver", Cd: "cadmium", In: "indium", Sn:
    "tin", Sb: "antimony", Te: "tellurium", I: "iodine", Xe: "xenon", Cs: "caesium", Ba: "barium", La: "lanthanum",
    Ce: "cerium", Pr: "praseodymium", Nd: "neodymium", Pm: "promethium", Sm: "samarium", Eu: "europium", Gd:
    "gadolinium", Tb: "terbium", Dy: "dysprosium", Ho: "holmium", Er: "erbium", Tm: "thulium", Yb: "ytterbium", Lu:
    "lutetium", Hf: "hafnium", Ta: "tantalum", W: "tungsten", Re: "rhenium", Os: "osmium", Ir: "iridium", Pt:
    "platinum", Au: "gold", Hg: "mercury", Tl: "thallium", Pb: "lead", Bi: "bismuth", Po: "polonium", At:
    "astatine", Rn: "radon", Fr: "francium", Ra: "radium", Ac: "actinium", Th: "thorium", Pa: "protactinium", U:
    "uranium", Np: "neptunium", Pu: "plutonium", Am: "americium", Cm: "curium", Bk: "berkelium", Cf: "californium",
    Es: "einsteinium", Fm: "fermium", Md: "mendelevium", No: "nobelium", Lr: "lawrencium", Rf: "rutherfordium", Db:
    "dubnium", Sg: "seaborgium", Bh: "bohrium", Hs: "hassium", Mt: "meitnerium", Ds: "darmstadtium", Rg:
    "roentgenium", Cn: "copernicium", Nh: "nihonium", Fl: "flerovium", Mc: "moscovium", Lv: "livermorium", Ts:
    "tennessine", Og: "oganesson",
  }),
  // -- language, first use, help, and what is spoken of the picture
  /** how numbers are written */
  number: { locale: "en-GB", decimal: "." },
  language: { label: "Language", system: "As the browser" },
  /** what the service's error of this code means; null: its own sentence says it */
  problemOf: (/** @type {string} */ _code) => /** @type {string | null} */ (null),
  /** a remark of the service on a molecule */
  remark: (/** @type {string} */ sentence) => sentence,
  pages: {
    navigation: "Pages",
    menu: "Menu and settings",
    names: { main: "Explore", gallery: "Gallery", vectors: "Elements", help: "Help" },
  },
  settings: {
    region: "Settings",
    theme: "Theme",
    themes: { system: "As the system", light: "Light", dark: "Dark" },
    tour: "Show me around",
  },
  welcome: {
    region: "First steps",
    heading: "New here?",
    about: "Two neural networks predict the energy of this molecule as a sum over its atoms. Every ball is an atom; its colour and number say what it adds.",
    next: "Next: point at an atom, choose another quantity, or type a molecule of your own.",
    tour: "Show me around",
    help: "Help",
    dismiss: "Do not show this again",
  },
  tour: {
    progress: "{{current}} of {{total}}",
    next: "Next",
    back: "Back",
    done: "Done",
    close: "End the tour",
    steps: {
      picture: { title: "One molecule, two networks", about: "Every ball is an atom. Blue atoms lower the predicted energy, orange ones raise it; the number says by how much. Turn with the mouse or the arrow keys." },
      legend: { title: "The colours mean numbers", about: "This scale holds for both pictures and for every molecule, so that colours can be compared. Change its limit, or fit it to this molecule." },
      quantity: { title: "Ask something else", about: "Charges, the potential that a probe atom would feel, pairs of atoms: choose here what the networks are asked." },
      table: { title: "Every number, and whether to trust it", about: "One row for each atom, with what each network gives it. The last column says how far the atom’s surroundings are like those that the networks have learned from." },
      summary: { title: "In plain words", about: "What the numbers mean, and what they do not: only the total was trained, the split among atoms is each network’s own." },
      molecule: { title: "Now your molecule", about: "Type a name such as caffeine, a SMILES such as CCO, or drop a file. Then press Enter." },
      help: { title: "More", about: "Question marks explain a word where it stands. Help has all of them, the keys, the sources, and this tour once more." },
    },
  },
  term: {
    what: (/** @type {string} */ term) => `What is meant by “${term}”?`,
    source: "Source:",
  },
  /** every term in one sentence, with its source */
  glossary: {
    contribution: { term: "Contribution", means: "What a network adds for one atom to the energy of the molecule; only the sum was trained, so the split among the atoms is the network’s own.", source: "Schütt, Gastegger, Tkatchenko, Müller, arXiv:1806.10349 (2018)" },
    reference: { term: "Reference energy", means: "A fixed energy for each element, from a linear regression over the training molecules, to which the network adds its contributions.", source: "Schütt et al., J. Chem. Phys. 148, 241722 (2018)" },
    freeAtom: { term: "Free atom", means: "The energy of a single atom far from all others at the level of theory of the training data; measured from it, the contributions sum to minus the atomization energy.", source: "Ramakrishnan et al., Sci. Data 1, 140022 (2014)" },
    charge: { term: "Latent charge", means: "A charge that a network puts on an atom although it was trained only on dipole moments: the charges are its own way to make the dipole.", source: "Gastegger, Behler, Marquetand, Chem. Sci. 8, 6924 (2017)" },
    dipole: { term: "Dipole moment", means: "How far the centres of positive and negative charge lie apart, times the charge, in debye: the sum of every atom’s charge times its position.", source: "IUPAC Gold Book, electric dipole moment" },
    probe: { term: "Probe", means: "An extra atom that feels the molecule while the molecule does not feel it; it is moved through space to see what the network would give it at each point.", source: "Schütt et al., Nat. Commun. 8, 13890 (2017)" },
    potential: { term: "Local chemical potential", means: "The energy that the network gives a probe at a point, relative to the probe far away; it is the network’s view of the molecule and no electrostatic potential.", source: "Schütt et al., Nat. Commun. 8, 13890 (2017)" },
    probeCharge: { term: "Probe charge", means: "The charge that a network trained on dipole moments would give a probe at a point, with the molecule’s own correction for neutrality.", source: "Schütt, Gastegger, Tkatchenko, Müller, arXiv:1806.10349 (2018)" },
    isovalue: { term: "Isovalue", means: "The value that is the same everywhere on the surface drawn, as the height is on a contour line of a map.", source: "Lorensen, Cline, Comput. Graph. 21, 163 (1987)" },
    envelope: { term: "Envelope", means: "A smooth surface around the molecule, where the sum of 1/r² over all atoms is 3.8 Å⁻², coloured by what the probe is given there.", source: "Schütt et al., Nat. Commun. 8, 13890 (2017)" },
    slice: { term: "Slice", means: "A plane through the field, coloured by its values, with lines of equal value.", source: "Schütt et al., Nat. Commun. 8, 13890 (2017)" },
    pair: { term: "Pair sensitivity", means: "By how much the energy would change, per part, if all that two atoms do to one another in the network were scaled; these numbers do not sum to the energy.", source: "atomlens: ∂E/∂s at s = 1, where s scales the pair’s cutoff function" },
    spread: { term: "Spread", means: "The standard deviation of a value among networks of the same kind, trained from different random beginnings: it says how arbitrary the split among the atoms is.", source: "Lakshminarayanan, Pritzel, Blundell, NeurIPS (2017), arXiv:1612.01474" },
    uncertainty: { term: "Uncertainty", means: "The spread of the total among the networks of the ensemble, scaled so that it matches the errors on molecules that were kept aside.", source: "Kuleshov, Fenner, Ermon, ICML (2018), arXiv:1807.00263" },
    testError: { term: "Test error", means: "How far the network is off on average on molecules that it has never seen.", source: "Schütt et al., J. Chem. Theory Comput. 15, 448 (2019)" },
    trust: { term: "Trust", means: "How far the surroundings of the atoms are like those in the training data and the networks agree: usual, unusual, or outside of what they have learned.", source: "atomlens: distances between environments as percentiles over test atoms, and the ensemble’s spread" },
    ensemble: { term: "Ensemble", means: "Several networks of the same kind, trained on the same data from different random beginnings; their mean is shown, and their disagreement is the spread.", source: "Lakshminarayanan, Pritzel, Blundell, NeurIPS (2017), arXiv:1612.01474" },
    trainedOn: { term: "Trained on", means: "The molecules from which the networks have learned: they know what is like them, and guess at everything else.", source: "QM9: Ramakrishnan et al., Sci. Data 1, 140022 (2014)" },
    bp: { term: "BP", means: "Behler–Parrinello: the surroundings of an atom are described by fixed symmetry functions, from which one small network for each element makes its energy.", source: "Behler, Parrinello, Phys. Rev. Lett. 98, 146401 (2007); Gastegger et al., J. Chem. Phys. 148, 241709 (2018)" },
    schnet: { term: "SchNet", means: "A network that learns the description of an atom itself: a vector for each element is refined by messages from the neighbours, through filters that depend on the distance.", source: "Schütt et al., J. Chem. Phys. 148, 241722 (2018)" },
    geometry: { term: "Geometry", means: "Where the atoms are: read from a file, made from a SMILES by a force field, or relaxed by following a network’s forces to a minimum of its energy.", source: "MMFF94: Halgren, J. Comput. Chem. 17, 490 (1996)" },
    alchemy: { term: "Alchemy", means: "A way from one molecule to another on which elements are mixed and atoms fade in or out, so that one sees which atoms bring about the change of energy.", source: "von Lilienfeld, Müller, Tkatchenko, Nat. Rev. Chem. 4, 347 (2020)" },
    relaxation: { term: "Relaxation", means: "The atoms follow the forces of the network until none is left: the nearest minimum of the network’s energy, which need not be a real one.", source: "Schlegel, WIREs Comput. Mol. Sci. 1, 790 (2011)" },
    environment: { term: "Environment", means: "The chemical surroundings of an atom, such as methyl or amide, found by patterns in the structure (SMARTS); atoms are compared with test atoms of the same kind.", source: "Daylight Theory Manual, SMARTS" },
    percentile: { term: "Percentile", means: "The share of atoms of the same element in the test molecules that have a lower value than this one.", source: "Hyndman, Fan, Am. Stat. 50, 361 (1996)" },
    embedding: { term: "Embedding", means: "The vector of numbers with which a network describes an element, learned from energies alone.", source: "Schütt, Gastegger, Tkatchenko, Müller, arXiv:1806.10349 (2018)" },
    component: { term: "Principal component", means: "A direction in which the vectors of the elements differ most; the first two make the map.", source: "Jolliffe, Cadima, Phil. Trans. R. Soc. A 374, 20150202 (2016)" },
  },
  help: {
    title: "Help",
    back: "Explain a molecule",
    contents: "On this page",
    sections: { see: "What you see", use: "How to use it", keys: "Keyboard and touch", words: "Words", data: "Data and licences", cite: "How to cite", limits: "Limits" },
    see: [
      "atomlens asks neural networks for the energy or the dipole moment of a molecule and looks inside at how they get there. Two kinds of network stand side by side: BP and SchNet. Both were trained on the same molecules, and both are often right to a fraction of a kcal/mol.",
      "Each network computes its answer as a sum over the atoms. The balls are coloured by their part of that sum, their contribution; the legend below says which colour is which number, and it stays the same for every molecule.",
      "Only the sum was trained. The split among the atoms is each network’s own: that the two pictures differ is no mistake but what there is to see. The ± beside each number says how arbitrary it is.",
    ],
    use: [
      "Type a name (caffeine), a SMILES (CCO) or drop a file into the page; Enter explains it.",
      "Choose a quantity: contributions, charges, the potential of a probe atom around the molecule, or pairs of atoms.",
      "Point at an atom in a picture or at its row in the table: it is marked everywhere. Click to keep it, Shift-click to add another: their sum stands below the table.",
      "Look at the grade of trust before you believe a number, and at the notices beside the picture.",
      "Share makes a link that brings others exactly what you see. Export saves pictures and numbers.",
    ],
    tour: "Start the tour",
    keys: [
      ["Tab", "go to the picture, and from there to the controls and the table"],
      ["← → ↑ ↓", "turn the molecule; with Shift, shift it"],
      ["+ and −", "zoom; 0 resets the view"],
      ["N and P, or ] and [", "walk to the next or the previous atom, which is read out with its element, value and neighbours"],
      ["1 to 9", "walk along a bond to the first, second, … neighbour that was read out"],
      ["Enter or space", "select the atom, or let it go; Escape leaves the atoms"],
      ["D", "read out the whole molecule and its values"],
      ["Alt and an arrow", "move the selected atoms, while “Move atoms” is on"],
      ["In the table: ↑ ↓, Home, End", "go from row to row; Enter or space selects"],
      ["Touch", "one finger up or down scrolls the page, sideways it turns the molecule; two fingers turn and zoom; a tap marks an atom"],
    ],
    keyHead: { key: "Key", does: "What it does" },
    wordHead: { word: "Word", means: "What is meant", source: "Source" },
    data: [
      "QM9 (133,885 small organic molecules, B3LYP/6-31G(2df,p)): Ramakrishnan, Dral, Rupp, von Lilienfeld, Sci. Data 1, 140022 (2014). CC0.",
      "OpenFF industry benchmark (conformers, B3LYP-D3BJ/DZVP): D’Amore et al., J. Chem. Inf. Model. 62, 6094 (2022). MIT. Displaced geometries and dipole moments were computed with GFN2-xTB: Bannwarth, Ehlert, Grimme, J. Chem. Theory Comput. 15, 1652 (2019).",
      "Crystals: Elpasolites, Faber et al., Phys. Rev. Lett. 117, 135502 (2016), licence not stated, data not redistributed; ABO₃ oxides (OQMD), Emery, Wolverton, Sci. Data 4, 170153 (2017), CC BY 4.0; Materials Project, Jain et al., APL Mater. 1, 011002 (2013), CC BY 4.0.",
      "The program and its networks are under the MIT licence. Pictures are drawn with 3Dmol.js (BSD-3-Clause), the page with preact and htm; all licences lie beside the files in /vendor.",
      "Molecules are computed by the server that brought you this page, and sent nowhere else. Your choices are kept in this browser alone.",
    ],
    cite: "Cite the program with its version, and the chapter that it makes live:",
    citations: [
      "atomlens: an interactive explorer of interpretable atomistic neural networks, The atomlens developers.",
      "K. T. Schütt, M. Gastegger, A. Tkatchenko, K.-R. Müller, Quantum-chemical insights from interpretable atomistic neural networks, arXiv:1806.10349 (2018).",
    ],
    limits: [
      "The networks know neutral, closed-shell molecules of one piece, of the elements that the model names; anything else is refused with a sentence.",
      "Molecules much larger than those of the training data, strange surroundings and strained geometries are extrapolations: the grade of trust says so.",
      "A geometry made from a SMILES comes from a force field; energies can be off by some kcal/mol for this reason alone.",
      "Contributions, charges and potentials are no measurable quantities. They show how a network divides its answer, not how nature does.",
    ],
  },
  spoken: {
    heading: "Describe in words",
    walk: "N and P walk from atom to atom, numbers along the bonds, Enter selects; D describes the molecule.",
    atom: (/** @type {number} */ number, /** @type {number} */ n, /** @type {string} */ element, /** @type {string} */ name) => `Atom ${number} of ${n}: ${element} ${name}.`,
    value: (/** @type {string} */ model, /** @type {string} */ quantity, /** @type {string} */ value) => `${model}: ${quantity} ${value}.`,
    trust: (/** @type {string} */ grade) => `Trust: ${grade}.`,
    bonded: (/** @type {string[]} */ names) => `Bonded to ${names.map((name, i) => `${i + 1} ${name}`).join(", ")}.`,
    alone: "Bonded to no atom.",
    selected: "Selected.",
    left: "No atom.",
    nowhere: "There is no such neighbour.",
    molecule: (/** @type {string} */ name, /** @type {string} */ formula, /** @type {number} */ n, /** @type {string} */ elements) => `${name}, ${formula}: ${plural(n, "atom", "atoms")} (${elements}).`,
    total: (/** @type {string} */ model, /** @type {string} */ what, /** @type {string} */ value, /** @type {string | null} */ uncertainty) =>
      `${model}: ${what} ${value}${uncertainty === null ? "" : `, uncertainty ${uncertainty}`}.`,
    extremes: (/** @type {string} */ quantity, /** @type {string} */ highest, /** @type {string} */ high, /** @type {string} */ lowest, /** @type {string} */ low) =>
      `Highest ${quantity}: ${highest}, ${high}; lowest: ${lowest}, ${low}.`,
    same: (/** @type {string[]} */ groups) => `Equal values: ${groups.join("; ")}.`,
    differ: "No two atoms have the same value.",
    and: (/** @type {string[]} */ names) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`),
    grade: (/** @type {string} */ grade) => `The molecule is ${grade}.`,
    unusual: (/** @type {string} */ names) => `Atoms in unusual surroundings: ${names}.`,
    surface: (/** @type {string} */ model, /** @type {string} */ quantity, /** @type {string} */ probe, /** @type {string} */ low, /** @type {string} */ high) =>
      `${model}: ${quantity} of a probe ${probe} around the molecule from ${low} to ${high}.`,
    scale: (/** @type {string} */ label, /** @type {string} */ end, /** @type {string} */ unit) => `${label}: −${end} to +${end} ${unit}, zero in the middle`,
    pairs: (/** @type {string} */ model, /** @type {string} */ pair, /** @type {string} */ value) => `${model} leans most on the pair ${pair}, ${value}.`,
  },
  connection: {
    lost: "The server does not answer. The page keeps trying and goes on by itself.",
    busy: (/** @type {number} */ seconds) => `The page asks again by itself in ${plural(seconds, "second", "seconds")}.`,
  },
});

/** The catalogue that is spoken. Read it where a sentence is needed and keep no part of it: it changes with the language. */
export let text = english;

/** @param {import("../types.js").Translation | null} translation null: English */
export function speak(translation) {
  text = translation ? /** @type {typeof english} */ (overlaid(english, translation)) : english;
}

/**
 * @param {unknown} base
 * @param {unknown} over
 * @returns {unknown} `base`, with whatever `over` has in its place
 */
function overlaid(base, over) {
  if (over === undefined) return base;
  if (typeof base !== "object" || base === null) return over;
  const entries = /** @type {Record<string, unknown>} */ (over);
  if (Array.isArray(base)) return base.map((value, i) => overlaid(value, entries[i]));
  return Object.freeze(Object.fromEntries(Object.entries(base).map(([key, value]) => [key, overlaid(value, entries[key])])));
}

/** @param {string} symbol @returns {string} the element's name, or its symbol */
export function elementName(symbol) {
  const names = /** @type {Record<string, string>} */ (text.elements);
  return names[symbol] ?? symbol;
}
