// An API document as a client's tools see it: its operations, what each promises for a time when
// the service is down, and a validator for that. Independent of how the gateway reads one.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

const OpenAPIResponseValidator = createRequire(import.meta.url)("openapi-response-validator").default;

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

export class ApiDocument {
  constructor(file) {
    const text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
    this.root = file.endsWith(".json") ? JSON.parse(text) : parse(text, { maxAliasCount: -1 });
    this.version = this.root.openapi ?? this.root.swagger;
    this.validators = new Map();
    this.leavesOpen = false; // whether an error response says in JSON whatever it likes
    this.shared = this.#errorForms();
  }

  at(value) {
    while (value && typeof value.$ref === "string") {
      const keys = value.$ref.slice(2).split("/").map((key) => decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~"));
      value = keys.reduce((node, key) => node[key], this.root);
    }
    return value;
  }

  /** {method, path, target, by, responses}: `by` says which of its responses speaks; any will do. */
  operations() {
    const found = [];
    for (const [path, item] of Object.entries(this.root.paths ?? {})) {
      for (const method of METHODS) {
        const operation = this.at(item)?.[method];
        if (!operation || !path.startsWith("/")) continue;
        found.push({ method: method.toUpperCase(), path, target: this.#target(path, item, operation), ...this.#speaking(operation) });
      }
    }
    return found;
  }

  #speaking(operation) {
    for (const by of ["503", "5XX", "default"]) {
      const declared = operation.responses?.[by];
      if (declared) return { by, responses: [this.#response(declared, operation)] };
    }
    const own = Object.keys(operation.responses ?? {}).filter((status) => /^5\d\d$/.test(status));
    return { by: "shared", responses: [...own.map((status) => this.#response(operation.responses[status], operation)), ...this.shared] };
  }

  // Where an operation is found: below the path of its first server, its parameters filled in.
  #target(path, item, operation) {
    let base = this.root.basePath ?? "";
    const server = (operation.servers ?? item.servers ?? this.root.servers)?.[0];
    if (server) {
      const url = server.url.replace(/\{([^}]+)\}/g, (_, name) => server.variables[name].default);
      base = new URL(url, "http://x").pathname;
    }
    return (base.replace(/\/$/, "") + path).replace(/\{[^}]+\}/g, "7x7").replaceAll(" ", "%20");
  }

  /** {types: {media type: schema}, headers: [names of those required]} */
  #response(declared, operation) {
    const response = this.at(declared);
    const headers = Object.entries(response.headers ?? {}).filter(([, header]) => this.at(header).required).map(([name]) => name);
    if (this.root.openapi) {
      const types = Object.entries(response.content ?? {}).map(([type, media]) => [type, media.schema]);
      return { types: Object.fromEntries(types), headers };
    }
    const produces = operation.produces ?? this.root.produces ?? ["application/json"];
    return { types: response.schema ? Object.fromEntries(produces.map((type) => [type, response.schema])) : {}, headers };
  }

  // What error responses of the API look like, the most frequent first.
  #errorForms() {
    const shapes = new Map();
    for (const item of Object.values(this.root.paths ?? {})) {
      for (const method of METHODS) {
        const operation = this.at(item)?.[method];
        for (const [status, declared] of Object.entries(operation?.responses ?? {})) {
          if (status !== "default" && !/^[45]/.test(status)) continue;
          const response = this.#response(declared, operation);
          this.leavesOpen ||= Object.entries(response.types).some(([type, schema]) => !schema && isJson(type));
          if (!Object.entries(response.types).some(([type, schema]) => schema && isWritable(type))) continue;
          const key = JSON.stringify(response.types);
          const shape = shapes.get(key) ?? { count: 0, response };
          shapes.set(key, { ...shape, count: shape.count + 1 });
        }
      }
    }
    return [...shapes.values()].sort((a, b) => b.count - a.count).map((shape) => shape.response);
  }

  /** What is wrong with a value by a schema of this document; "" if nothing is. */
  complaint(schema, value) {
    if (schema === undefined || Object.keys(schema).length === 0) return "";
    return this.version.startsWith("3.1") ? this.#complaint2020(schema, value) : this.#complaintOlder(schema, value);
  }

  #complaint2020(schema, value) {
    this.ajv ??= addFormats(new Ajv2020({ strict: false, allErrors: true })).addSchema({ components: this.root.components }, "api");
    const key = JSON.stringify(schema);
    if (!this.validators.has(key)) this.validators.set(key, this.ajv.compile(JSON.parse(key.replaceAll('"$ref":"#/', '"$ref":"api#/'))));
    const validate = this.validators.get(key);
    return validate(value) ? "" : this.ajv.errorsText(validate.errors);
  }

  #complaintOlder(schema, value) {
    const key = JSON.stringify(schema);
    if (!this.validators.has(key)) {
      const { components, definitions } = this.root;
      const response = components ? { description: "", content: { "application/json": { schema } } } : { description: "", schema };
      this.validators.set(key, new OpenAPIResponseValidator({ components, definitions, responses: { 503: response } }));
    }
    const found = this.validators.get(key).validateResponse(503, value);
    return found ? `${found.message} ${JSON.stringify(found.errors)}` : "";
  }
}

/** Whether a client that reads JSON, XML or text can be told something under this type. */
export function isWritable(type) {
  return isJson(type) || isXml(type) || /^text\//.test(type) || type === "*/*";
}

export function isJson(type) {
  return /[/+]json(;|$)/i.test(type) || type === "*/*";
}

export function isXml(type) {
  return /[/+]xml(;|$)/i.test(type);
}
