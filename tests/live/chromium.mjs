// Debian's Chromium, as it comes. It reaches no host but this machine.
import { chromium } from "playwright-core";

export const PROGRAM = "/usr/bin/chromium";
export const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

export const launch = (options = {}) => chromium.launch({ executablePath: PROGRAM, args: FLAGS, ...options });
