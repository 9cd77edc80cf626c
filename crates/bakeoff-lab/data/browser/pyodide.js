// A page for a contender in Python: Pyodide, the wheels of its packages, its own files. Everything is fetched at once.
import { progress, settings, visit } from './visit.js';
import { loadPyodide } from './pyodide/pyodide.mjs';

progress('loading Python');
const text = async (path) => [path, await (await fetch(`/app/${path}`)).text()];
const sources = Promise.all(settings.files.map(text));
const python = await loadPyodide({
  indexURL: new URL('/pyodide/', location).href,
  packages: settings.wheels.map((wheel) => new URL(`/wheels/${wheel}`, location).href),
});
progress('importing the validation');
for (const [path, source] of await sources) {
  const file = `/app/${path}`;
  python.FS.mkdirTree(file.slice(0, file.lastIndexOf('/')));
  python.FS.writeFile(file, source);
}
python.runPython("import sys; sys.path.insert(0, '/app')");
const { check } = python.pyimport(settings.module);
await visit(async (scenario, body) => {
  const problem = await check(scenario, body); // an `async def` is awaited too
  return problem?.toJs({ dict_converter: Object.fromEntries });
});
