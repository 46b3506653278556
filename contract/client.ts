// A client generated from the document, used as an integrator would: sign in, list, read one issue.
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type Issue = components["schemas"]["IssueView"];

function must<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(what);
  return value;
}

const baseUrl = must(process.env["BASE_URL"], "BASE_URL is not set");
const folder = must(process.env["LIANXIN_VAR"], "LIANXIN_VAR is not set");
const accounts = readFileSync(`${folder}/demo-accounts.txt`, "utf8").split("\n");
const [username, password] = must(accounts.find((line) => line.startsWith("liaison@")), "no liaison account").split(/\s+/);

// A list also answers CSV and NDJSON; this client reads JSON.
const client = createClient<paths, "application/json">({ baseUrl });
const signedIn = await client.POST("/oauth/token", {
  body: {
    grant_type: "password",
    username: must(username, "no name"),
    password: must(password, "no password"),
  },
  headers: { "Content-Type": "application/x-www-form-urlencoded" },
});
const token = must(signedIn.data, `signing in answered ${signedIn.response.status}`).access_token;
client.use({
  onRequest({ request }) {
    request.headers.set("Authorization", `Bearer ${token}`);
    return request;
  },
});

const list = await client.GET("/v1/issues", { params: { query: { limit: 1 } } });
const first = must(list.data?.data[0], `the list answered ${list.response.status} without an issue`);
const read = await client.GET("/v1/issues/{issue_id}", { params: { path: { issue_id: first.id } } });
const issue: Issue = must(read.data, `the issue answered ${read.response.status}`);
if (issue.id !== first.id) throw new Error(`asked for ${first.id}, got ${issue.id}`);
console.log(`The generated client read issue ${issue.id} (${issue.state}).`);
