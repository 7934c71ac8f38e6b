// ---- a pasted request: as it is sent, as a curl command, or a URL alone

// Words as a POSIX shell would split them: 'plain', "with \" escapes", \ at line ends.
function shellWords(text) {
  const words = [];
  let word;
  for (let i = 0; i < text.length; ++i) {
    const c = text[i];
    if (/\s/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    word ??= "";
    if (c === "'") {
      const end = text.indexOf("'", i + 1);
      word += text.slice(i + 1, end < 0 ? undefined : end);
      i = end < 0 ? text.length : end;
    } else if (c === '"') {
      for (++i; i < text.length && text[i] !== '"'; ++i) word += text[i] === "\\" && '"\\$`'.includes(text[i + 1]) ? text[++i] : text[i];
    } else if (c === "\\") {
      if (text[++i] === "\n") word = word || undefined;
      else word += text[i] ?? "";
    } else {
      word += c;
    }
  }
  return word === undefined ? words : [...words, word];
}

// The options of curl that change what is asked; of the others those that take a value.
const curlFields = { "-A": "User-Agent", "--user-agent": "User-Agent", "-e": "Referer", "--referer": "Referer", "-b": "Cookie", "--cookie": "Cookie" };
const curlData = ["-d", "--data", "--data-raw", "--data-binary", "--data-ascii"];
const curlValues = ["-o", "--output", "-u", "--user", "-m", "--max-time", "--retry", "-x", "--proxy", "--resolve", "--connect-to", "-w", "--write-out"];

function fromCurl(text) {
  const words = shellWords(text).slice(1).flatMap((word) => (/^-[HXdAeb]./.test(word) ? [word.slice(0, 2), word.slice(2)] : [word]));
  const asked = { url: "", fields: [] };
  for (let i = 0; i < words.length; ++i) {
    const word = words[i];
    if (word === "-H" || word === "--header") asked.fields.push(words[++i] ?? "");
    else if (word === "-X" || word === "--request") asked.method = words[++i];
    else if (word === "-I" || word === "--head") asked.method = "HEAD";
    else if (word === "--url") asked.url = words[++i];
    else if (curlFields[word]) asked.fields.push(`${curlFields[word]}: ${words[++i]}`);
    else if (curlData.includes(word)) asked.body = asked.body === undefined ? words[++i] : `${asked.body}&${words[++i]}`;
    else if (word === "--json") Object.assign(asked, { body: words[++i], json: true });
    else if (curlValues.includes(word)) ++i;
    else if (!word.startsWith("-")) asked.url = word;
  }
  return asCurlSends(asked);
}

// With the fields that curl adds by itself.
function asCurlSends({ json, ...asked }) {
  const has = (name) => asked.fields.some((line) => line.toLowerCase().startsWith(`${name}:`));
  const type = json ? "application/json" : "application/x-www-form-urlencoded";
  if (!/^[a-z]+:\/\//i.test(asked.url) && !asked.url.startsWith("/")) asked.url = `http://${asked.url}`;
  if (asked.body !== undefined && !has("content-type")) asked.fields.push(`Content-Type: ${type}`);
  if (!has("accept")) asked.fields.push(json ? "Accept: application/json" : "Accept: */*");
  return { method: asked.body === undefined ? "GET" : "POST", ...asked };
}

function fromWire(text) {
  const [head, ...rest] = text.split(/\r?\n\r?\n/);
  const [line, ...fields] = head.split(/\r?\n/);
  const [method, url] = line.split(" ");
  const body = rest.join("\n\n");
  return { method, url, fields, ...(body && { body }) };
}

function readRequest(text) {
  if (/^curl\s/.test(text)) return fromCurl(text);
  if (/^[A-Z-]+ \S/.test(text)) return fromWire(text);
  if (/^(https?:\/\/|\/)\S*$/.test(text)) return { method: "GET", url: text };
  throw new Refused(422, { detail: "Expected a first line such as GET /orders HTTP/1.1, a curl command, or a URL." });
}

element("explain-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const shown = element("explained");
  attempt(element("explain-error"), event.submitter, async () => {
    shown.hidden = true;
    shown.textContent = await call("POST", "/api/explain", readRequest(element("request").value.trim()));
    shown.hidden = false;
    shown.focus();
  });
});
