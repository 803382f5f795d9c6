/**
 * Builds what browsers load. vendor/: what the page needs of node_modules, with the licences. bundle/: the page as it is
 * served, its more than a hundred modules in a few files, its style sheets in one, which takes half of the time; what not
 * every reader needs stays apart, loaded when it is asked for.
 *
 * Saved pages carry the modules themselves (backend/atomlens/service/offline.py). Bare import specifiers are rewritten to
 * neighbours in vendor/ for them; beside every module there stands a declaration file, so that tsc checks the page against the
 * packages' own types.
 */
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const vendor = join(here, "vendor");
const bundle = join(here, "bundle");

/** Imports that point outside a package, and the vendored neighbour that answers them. */
const NEIGHBOURS = { preact: "./preact.js" };

/** Shaders of 3Dmol that compute light. */
const SHADERS = 7;
/** Those of them that compute it at the corners of meshes. */
const MESH_SHADERS = 3;

/** Vendored file, its source in node_modules, its types, the licence file of its package. */
const FILES = [
  { to: "3Dmol.js", from: "3dmol/build/3Dmol.es6-min.js", types: 'export * from "3dmol";', licence: "3dmol/LICENSE" },
  { to: "htm.js", from: "htm/dist/htm.module.js", types: 'export { default } from "htm";', licence: "htm/LICENSE" },
  { to: "preact.js", from: "preact/dist/preact.mjs", types: 'export * from "preact";', licence: "preact/LICENSE" },
  { to: "hooks.js", from: "preact/hooks/dist/hooks.mjs", types: 'export * from "preact/hooks";', licence: "preact/LICENSE" },
  { to: "openchemlib.js", from: "openchemlib/dist/openchemlib.js", types: 'export * from "openchemlib";', licence: "openchemlib/LICENSE" },
  { to: "driver.js", from: "driver.js/dist/driver.js.mjs", types: 'export * from "driver.js";', licence: "driver.js/license" },
  { to: "uqr.js", from: "uqr/dist/index.mjs", types: 'export * from "uqr";', licence: "uqr/LICENSE" },
];

/** Style sheets of packages: copied as they are, loaded with the module that needs them. */
const STYLES = [{ to: "driver.css", from: "driver.js/dist/driver.css" }];

/** Packages that 3Dmol's own build has taken in: their licences travel with it. */
const INSIDE_3DMOL = ["pako", "iobuffer", "netcdfjs", "upng-js"];

/** @param {string} path inside node_modules */
async function source(path) {
  try {
    return await readFile(join(modules, path), "utf8");
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error;
    throw new Error(`node_modules/${path} is missing: run "npm ci" in frontend/ first`, { cause: error });
  }
}

/** @param {string} code of an ES module; its source map is not shipped, so the comment that names it goes */
function localise(code) {
  let local = code.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
  for (const [name, neighbour] of Object.entries(NEIGHBOURS)) {
    local = local.replaceAll(`from"${name}"`, `from"${neighbour}"`).replaceAll(`from "${name}"`, `from "${neighbour}"`);
  }
  const bare = local.match(/^(?:import|export)\b[^;'"]*\bfrom\s*["'](?![./])([^"']+)["']/m);
  if (bare) throw new Error(`an import of "${bare[1]}" has no vendored neighbour`);
  return local;
}

/**
 * 3Dmol with softer light. Its shaders let the side away from the lamp fall to black, so that the colour of an
 * atom, which stands for a number here, cannot be found on the legend. Half of the light comes from everywhere
 * instead, and all of it where a mesh has no normals: a flat sheet has no shape to be seen by shading. There is no
 * setting for it; the shaders are strings inside the file.
 *
 * @param {string} code
 */
function soften(code) {
  const pattern = /vec3\( max\( (-?dotProduct), 0\.0 \) \)/g;
  const found = code.match(pattern)?.length ?? 0;
  if (found !== SHADERS) throw new Error(`3Dmol has ${found} places that compute light where ${SHADERS} were known: look at its shaders`);
  const normal = "transformedNormal = normalize( transformedNormal );";
  const meshes = code.split(normal).length - 1;
  if (meshes !== MESH_SHADERS) throw new Error(`3Dmol has ${meshes} shaders of meshes where ${MESH_SHADERS} were known: look at them`);
  return code
    .replace(pattern, "vec3( 0.5 + 0.5 * max( $1, 0.0 ) + 0.14 * pow( max( $1, 0.0 ), 24.0 ) )")
    .replaceAll(normal, "bool sheet = dot( transformedNormal, transformedNormal ) < 0.01; transformedNormal = sheet ? vec3( 0.0 ) : normalize( transformedNormal );")
    .replace(/(vLight(?:Front|Back) \+= directionalLightColor\[ 0 \] \* )(directionalLightWeighting(?:Back)?);/g, "$1( sheet ? vec3( 1.0 ) : $2 );");
}

/** @returns {Promise<Map<string, string>>} every vendored file and its text */
async function wanted() {
  /** @type {Map<string, string>} */
  const files = new Map();
  for (const { to, from, types, licence } of FILES) {
    const code = localise(await source(from));
    files.set(to, to === "3Dmol.js" ? soften(code) : code);
    files.set(to.replace(/\.js$/, ".d.ts"), `${types}\n`);
    files.set(`LICENSE.${licence.split("/")[0]}.txt`, await source(licence));
  }
  for (const { to, from } of STYLES) files.set(to, await source(from));
  for (const name of INSIDE_3DMOL) files.set(`LICENSE.${name}.txt`, await source(`${name}/LICENSE`));
  return files;
}

/** @param {string} path @param {string} text */
async function writeChanged(path, text) {
  const old = await readFile(path, "utf8").catch(() => null);
  if (old === text) return false;
  await writeFile(path, text);
  return true;
}

/** @param {string} folder @param {Map<string, string>} files all that is to lie there */
async function writeFolder(folder, files) {
  await mkdir(folder, { recursive: true });
  let changed = 0;
  for (const [name, text] of files) if (await writeChanged(join(folder, name), text)) changed += 1;
  for (const name of await readdir(folder)) if (!files.has(name)) await rm(join(folder, name), { recursive: true });
  console.log(`${relative(here, folder)}/: ${files.size} files, ${changed} written`);
}

/** What of the page is loaded at once: it has a picture, nearly always. */
const ENTRIES = ["js/main.js", "js/viewer.js"];
/** Where the page names its styles and where it begins. */
const SHEETS = /[ \t]*<link rel="stylesheet" href="\/([^"]+)">\n/g;
const BEGINNING = /[ \t]*<script type="module" src="\/js\/main\.js"><\/script>\n/;

/** @returns {Promise<Map<string, string>>} the page's files and their texts */
async function bundled() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: here, entryPoints: ["js/main.js"], outdir: "bundle", entryNames: "[name]", chunkNames: "[name]-[hash]",
    bundle: true, splitting: true, format: "esm", target: "es2022", minify: true, metafile: true, write: false, logLevel: "error",
  });
  const files = new Map(outputFiles.map(({ path, text }) => [relative(bundle, path), text]));
  const page = await readFile(join(here, "index.html"), "utf8");
  const sheets = [...page.matchAll(SHEETS)].map(([, path]) => path ?? "");
  const styles = await Promise.all(sheets.map((path) => readFile(join(here, path), "utf8")));
  files.set("page.css", (await transform(styles.join("\n"), { loader: "css", minify: true })).code);

  /** @type {Set<string>} outputs that are needed at once, all named in the head instead of found level by level */
  const needed = new Set();
  const need = (/** @type {string} */ output) => {
    if (needed.has(output)) return;
    needed.add(output);
    for (const { path, kind } of metafile.outputs[output]?.imports ?? []) if (kind === "import-statement") need(path);
  };
  for (const [output, { entryPoint }] of Object.entries(metafile.outputs)) if (entryPoint && ENTRIES.includes(entryPoint)) need(output);
  if (!BEGINNING.test(page) || sheets.length === 0) throw new Error("index.html names no style sheets, or does not begin with js/main.js");
  const head = ['  <link rel="stylesheet" href="/bundle/page.css">', ...[...needed].map((path) => `  <link rel="modulepreload" href="/${path}">`)];
  const bare = page.replace(SHEETS, "").replace(BEGINNING, '  <script type="module" src="/bundle/main.js"></script>\n');
  files.set("index.html", bare.replace("</head>", `${head.join("\n")}\n</head>`));
  return files;
}

await writeFolder(vendor, await wanted());
await writeFolder(bundle, await bundled());
