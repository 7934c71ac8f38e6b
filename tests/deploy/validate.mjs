// Validates objects of Kubernetes, a JSON array on standard input, by the schemas that its projects publish. Prints
// one line for each mistake, and for each kind that no schema is known of.

import { readFileSync } from "node:fs";

const GROUPS = {
  "gateway.networking.k8s.io": "@kubernetes-models/gateway-api",
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
  "traefik.io": "@kubernetes-models/traefik",
};

async function model({ apiVersion, kind }) {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  const module = await import(`${GROUPS[group] ?? "kubernetes-models"}/${apiVersion}/${kind}`);
  return module[kind];
}

for (const object of JSON.parse(readFileSync(0, "utf8"))) {
  const name = `${object.apiVersion} ${object.kind} ${object.metadata?.name}`;
  try {
    const Model = await model(object);
    new Model(object).validate();
  } catch (error) {
    console.log(`${name}: ${error.message}`);
  }
}
