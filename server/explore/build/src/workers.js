// The editor's background workers: files beside this one, so that the page's
// security policy need not allow generated scripts. Their names, which hold a
// digest, are put in by the build.

const files = { json: WORKERS.json, graphql: WORKERS.graphql };

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) => new Worker(new URL(files[label] ?? WORKERS.editor, import.meta.url), { name: label }),
};
