// Builds ../bdhvs/widgets/static/{page.js,widget.js,exercise.js,exercise.css,quiz.css} from src/.
//
//   node build.mjs          write the files
//   node build.mjs --check  write nothing; exit 1 when a committed file is not what the sources give
//
// Item kinds are found from the folder src/kinds/: each *.js there exports `kind` and `mount`. Adding a kind is
// adding a file.
//
// Each output begins with `/* bdhvs front end, sources sha256:<hex> */`, so that freshness can be checked without
// Node: sha256 over, for every file under src/ sorted by its path relative to src/ (with "/"), the path in UTF-8,
// a zero byte, the file's bytes, a zero byte.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const src = join(here, "src");
const out = join(here, "..", "bdhvs", "widgets", "static");

/** Paths of all files under src/, relative, sorted. */
function sources(folder = "") {
  const paths = [];
  for (const entry of readdirSync(join(src, folder), { withFileTypes: true })) {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory()) paths.push(...sources(path));
    else paths.push(path);
  }
  return folder ? paths : paths.sort();
}

function sourcesHash() {
  const hash = createHash("sha256");
  for (const path of sources()) hash.update(path).update("\0").update(readFileSync(join(src, path))).update("\0");
  return hash.digest("hex");
}

const foundKinds = {
  name: "kinds found from the folder",
  setup(/** @type {import("esbuild").PluginBuild} */ building) {
    building.onResolve({ filter: /^bdhvs:kinds$/ }, () => ({ path: "kinds", namespace: "bdhvs" }));
    building.onLoad({ filter: /.*/, namespace: "bdhvs" }, () => {
      const files = readdirSync(join(src, "kinds")).filter((name) => name.endsWith(".js")).sort();
      const imports = files.map((name, i) => `import * as k${i} from "./kinds/${name}";`);
      const entries = files.map((_, i) => `[k${i}.kind]: k${i}.mount`);
      return { contents: `${imports.join("\n")}\nexport const kinds = { ${entries.join(", ")} };`, resolveDir: src };
    });
  },
};

const banner = `/* bdhvs front end, sources sha256:${sourcesHash()} */`;
/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  write: false,
  charset: "utf8",
  legalComments: "none",
  target: ["chrome80", "safari13.1"],
  // Safari 13 has destructuring, with a bug in a form of it that is not used here; esbuild would refuse all of it.
  supported: { destructuring: true },
  banner: { js: banner, css: banner },
  plugins: [foundKinds],
  logLevel: "warning",
};

async function bundled(/** @type {import("esbuild").BuildOptions} */ options) {
  const result = await build({ ...common, ...options });
  const [file] = result.outputFiles ?? [];
  if (!file) throw new Error("esbuild gave no file");
  return Buffer.from(file.contents);
}

const outputs = {
  // A plain script as well as a module: pages load it with `defer`.
  "page.js": await bundled({ entryPoints: ["src/page.js"], format: "iife" }),
  "widget.js": await bundled({ entryPoints: ["src/widget.js"], format: "esm" }),
  "exercise.js": await bundled({ entryPoints: ["src/exercise.js"], format: "esm" }),
  "exercise.css": await bundled({ entryPoints: ["src/styles/exercise.css"] }),
  "quiz.css": await bundled({ entryPoints: ["src/styles/quiz.css"] }),
};

let stale = 0;
mkdirSync(out, { recursive: true });
for (const [name, bytes] of Object.entries(outputs)) {
  const path = join(out, name);
  if (process.argv.includes("--check")) {
    let old = null;
    try {
      old = readFileSync(path);
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "ENOENT") throw error; // a missing file is a stale file
    }
    if (old && old.equals(bytes)) continue;
    stale += 1;
    console.error(`bdhvs/widgets/static/${name} is not what frontend/src gives. Run: cd frontend && npm ci && npm run build`);
  } else {
    writeFileSync(path, bytes);
    console.log(`${name}\t${bytes.length} bytes\t${gzipSync(bytes, { level: 9 }).length} gzip`);
  }
}
process.exitCode = stale ? 1 : 0;
