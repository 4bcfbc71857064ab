const http = require("node:http");

const host = process.env.HOST || "127.0.0.1";
const port = Number(process.env.PORT || 3000);

const server = http.createServer((request, response) => {
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.end("Hello, World from Node!\n");
});

server.listen(port, host, () => {
  console.log(`Listening on http://${host}:${server.address().port}/`);
});

// As PID 1 of a container a process has no default handler for SIGTERM; exit on it at once.
process.on("SIGTERM", () => process.exit(0));
