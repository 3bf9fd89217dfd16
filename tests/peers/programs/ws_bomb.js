"use strict";
// A client of npm `ws` that sends 50 MB in 50 KB. Argument: the URL. It tells how the link ended.

const WebSocket = require("ws");

const ws = new WebSocket(process.argv[2], ["ocpp1.6"], { perMessageDeflate: { threshold: 0 } });
ws.on("open", () => ws.send("x".repeat(50_000_000)));
ws.on("error", () => {}); // it is hung up on
ws.on("close", (code) => process.stdout.write(JSON.stringify({ code }) + "\n"));
