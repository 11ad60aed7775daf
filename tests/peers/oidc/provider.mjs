// An OpenID provider with made-up accounts. Called with the address to which its one client is sent back; prints where it
// is, as a line of JSON, and ends with its standard input.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// Where scripts/peers installs it.
const installed = createRequire(new URL("../../../target/peers/oidc/", import.meta.url));
const { Provider } = await import(pathToFileURL(installed.resolve("oidc-provider")));

const [back] = process.argv.slice(2);

// What it has to say of itself is none of the lines that are read.
console.log = console.info = console.error;

// Whatever is typed as the password is right.
const accounts = {
  pat: { email: "pat@example.com", email_verified: true },
  kim: { email: "kim@example.com", email_verified: false },
  eve: { email: "eve@example.com", email_verified: true },
};

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "peer" };

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: "crewcall", client_secret: "hush", redirect_uris: [back], response_types: ["code"], grant_types: ["authorization_code"] }],
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    findAccount: (_, id) => accounts[id] && { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) },
    // Its own pages to sign in and to consent.
    features: { devInteractions: { enabled: true } },
    pkce: { required: () => true },
    cookies: { keys: ["not a secret"] },
    jwks: { keys: [key] },
  });
  server.on("request", provider.callback());
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});
process.stdin.resume().on("end", () => process.exit(0));
