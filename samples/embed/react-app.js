// A React app that knows nothing of Blazor: the elements are used like any other. React 19 sets properties and listens to
// events of custom elements by itself; with React 18, set apiKey and add the listeners in an effect with a ref.
import { createElement as h, useState } from "react";
import { createRoot } from "react-dom/client";

function App() {
  const [signIn, setSignIn] = useState(null);
  const [jobId, setJobId] = useState("");
  const [done, setDone] = useState("");
  if (!signIn) {
    return h("form", { onSubmit: event => { event.preventDefault(); setSignIn(Object.fromEntries(new FormData(event.target))); } },
      h("h1", null, "Batches in a React app"),
      h("p", null, h("label", null, "Server ", h("input", { name: "server", type: "url", defaultValue: "http://127.0.0.1:5080", required: true }))),
      h("p", null, h("label", null, "API key ", h("input", { name: "key", type: "password", autoComplete: "off", required: true }))),
      h("button", null, "Show"));
  }
  return h("div", null,
    h("h1", null, "Batches in a React app"),
    h("p", { role: "status" }, done),
    jobId && h("batch-job-progress-tracker", { key: jobId, server: signIn.server, apiKey: signIn.key, "job-id": jobId, onjobcomplete: event => setDone(`${event.detail.name} is done.`) }),
    h("p"),
    h("batch-job-queue-manager", { server: signIn.server, apiKey: signIn.key, onjobselected: event => setJobId(event.detail.jobId) }));
}

createRoot(document.getElementById("app")).render(h(App));
