// Clients in Node, and what each shows its user: see tests/support/museum_program.py. Those whose test says
// more than that are in the *.test.mjs beside. They run side by side, because some of them wait a while
// before they give up.
import { generateKeyPairSync, webcrypto } from "node:crypto";
import { once } from "node:events";
import http from "node:http";

import { sendElsewhere } from "./elsewhere.mjs";

import { AppConfigurationClient } from "@azure/app-configuration";
import { SecretClient } from "@azure/keyvault-secrets";
import { AnonymousCredential as AzureAnonymous, QueueServiceClient } from "@azure/storage-queue";
import { createDirectus, createItem, readItems, rest as directusRest } from "@directus/sdk";
import { createClient as createScaleway } from "@scaleway/sdk-client";
import { createClient as createSanity } from "@sanity/client";
import { createOpenAI } from "@ai-sdk/openai";
import { createClient as createGraphqlHttp } from "graphql-http";
import { connect as connectPlanetscale } from "@planetscale/database";
import { generateText } from "ai";
import { giteaApi } from "gitea-js";
import { feathers } from "@feathersjs/feathers";
import { fetchExchange, Client as Urql } from "@urql/core";
import { openHttp as openLibsql } from "@libsql/hrana-client";
import { Cam } from "onvif";
import { Database as ArangoDatabase } from "arangojs";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { GoogleGenerativeAI } from "@google/generative-ai";
import { InferenceClient } from "@huggingface/inference";
import { initClient as messageBird } from "messagebird";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { Logger as SplunkLogger } from "splunk-logging";
import { ListHostedZonesCommand, Route53Client } from "@aws-sdk/client-route-53";
import { OidcClient } from "oidc-client-ts";
import { QdrantClient } from "@qdrant/js-client-rest";
import { Redis as UpstashRedis } from "@upstash/redis";
import { Resend } from "resend";
import { Storage as GoogleStorage } from "@google-cloud/storage";
import { StorageClient as SupabaseStorage } from "@supabase/storage-js";
import { WorkOS } from "@workos-inc/node";
import { XrpcClient } from "@atproto/xrpc";
import * as configcat from "configcat-node";
import * as isomorphicGit from "isomorphic-git";
import isomorphicGitHttp from "isomorphic-git/http/node";
import AlibabaCloud from "@alicloud/pop-core";
import AliOss from "ali-oss";
import BitbucketModule from "bitbucket";
import Bugsnag from "@bugsnag/js";
import cube from "@cubejs-client/core";
import Cos from "cos-nodejs-sdk-v5";
import FeathersRest from "@feathersjs/rest-client";
import Ghost from "@tryghost/content-api";
import Groq from "groq-sdk";
import Mixpanel from "mixpanel";
import OneSignal from "onesignal-node";
import prometheus from "prom-client";
import Razorpay from "razorpay";
import Storyblok from "storyblok-js-client";
import { Gitlab } from "@gitbeaker/rest";
import { Client as MicrosoftGraph } from "@microsoft/microsoft-graph-client";
import { Client as Okta, DefaultRequestExecutor } from "@okta/okta-sdk-nodejs";
import { Client as Elasticsearch } from "@elastic/elasticsearch";
import { Client as OpenSearch } from "@opensearch-project/opensearch";
import { InfluxDB } from "@influxdata/influxdb-client";
import { Client as Notion } from "@notionhq/client";
import { HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { IncomingWebhook } from "@slack/webhook";
import { LogLevel as SlackLogLevel, WebClient } from "@slack/web-api";
import { MeiliSearch } from "meilisearch";
import { Octokit } from "@octokit/rest";
import { PostgrestClient } from "@supabase/postgrest-js";
import { REST } from "@discordjs/rest";
import { RestClient } from "typed-rest-client/RestClient.js";
import { GraphQLClient } from "graphql-request";
import { JSONRPCClient } from "json-rpc-2.0";
import { createRestAPIClient } from "masto";
import { createClient as createClickhouse } from "@clickhouse/client";
import { createClient as createContentful } from "contentful";
import { createMollieClient } from "@mollie/api-client";
import { algoliasearch } from "algoliasearch";
import { api as pagerDuty } from "@pagerduty/pdjs";
import { getLinodes, setToken as setLinodeToken } from "@linode/api-v4";
import { Api as TelegramApi } from "node-telegram-bot-api";
import { Configuration as PlaidConfiguration, PlaidApi } from "plaid";
import { Dropbox } from "dropbox";
import { FetchRequest, JsonRpcProvider } from "ethers";
import { MessageType, ScalarType } from "@protobuf-ts/runtime";
import { ServiceType } from "@protobuf-ts/runtime-rpc";
import { TwirpFetchTransport } from "@protobuf-ts/twirp-transport";
import { TwitterApi } from "twitter-api-v2";
import { Web3 } from "web3";
import { Bot } from "grammy";
import { DAVClient } from "tsdav";
import { Telegraf } from "telegraf";
import { io } from "socket.io-client";
import { ofetch } from "ofetch";
import { o } from "o.js";
import * as minio from "minio";
import * as oauth4webapi from "oauth4webapi";
import * as openidClient from "openid-client";
import { Issuer } from "openid-client-5";
import { FusionAuthClient } from "@fusionauth/typescript-client";
import mattermost from "@mattermost/client";
import { fetchRelayInformation } from "nostr-tools/nip11";
import * as tus from "tus-js-client";
import Airtable from "airtable";
import Asana from "asana";
import braintree from "braintree";
import Cloudflare from "cloudflare";
import Jenkins from "jenkins";
import jsforce from "jsforce";
import KeycloakAdmin from "@keycloak/keycloak-admin-client";
import Trello from "trello";
import bent from "bent";
import Consul from "consul";
import DevourModule from "devour-client";
import Docker from "dockerode";
import fetchRetry from "fetch-retry";
import FormData from "form-data";
import ky from "ky";
import Mailgun from "mailgun.js";
import makeFetchHappen from "make-fetch-happen";
import needle from "needle";
import nodeFetch from "node-fetch";
import nodeVault from "node-vault";
import npmRegistryFetch from "npm-registry-fetch";
import phin from "phin";
import PocketBase from "pocketbase";
import postmark from "postmark";
import Replicate from "replicate";
import request from "request";
import sendgrid from "@sendgrid/mail";
import Shopify from "shopify-api-node";
import SockJS from "sockjs-client";
import superagent from "superagent";
import twilio from "twilio";
import Typesense from "typesense";
import Wreck from "@hapi/wreck";
import wpapi from "wpapi";
import wretch from "wretch";
import * as amplitude from "@amplitude/analytics-node";
import * as DeepL from "deepl-node";
import { buildClient as buildDato } from "@datocms/cma-client-node";
import { Trino } from "trino-client";
import { connect as connectTidb } from "@tidbcloud/serverless";
import { createORPCClient } from "@orpc/client";
import { createStorefrontApiClient } from "@shopify/storefront-api-client";
import { Environments as GoCardlessEnvironments } from "gocardless-nodejs/constants";
import { getAuthenticatedUser, lemonSqueezySetup } from "@lemonsqueezy/lemonsqueezy.js";
import { InfluxDB as Influx } from "influx";
import { MailtrapClient } from "mailtrap";
import { neon } from "@neondatabase/serverless";
import { Paddle } from "@paddle/paddle-node-sdk";
import { RPCLink } from "@orpc/client/fetch";
import { treaty } from "@elysiajs/eden";
import ClientOAuth2 from "client-oauth2";
import EasyPost from "@easypost/api";
import PassportOAuth2 from "passport-oauth2";
import gocardless from "gocardless-nodejs";
import presto from "presto-client";
import recurly from "recurly";
import thrift from "thrift";
import zendesk from "node-zendesk";
import { Builder } from "selenium-webdriver";
import { createClient as createTumblr } from "tumblr.js";
import { Index as UpstashVector } from "@upstash/vector";
import { JWT } from "google-auth-library";
import { MainClient as Binance } from "binance";
import { SellingPartner } from "amazon-sp-api";
import { TrackClient } from "customerio-node";
import { UploadClient } from "@uploadcare/upload-client";
import { v2 as cloudinary } from "cloudinary";
import { put as putBlob } from "@vercel/blob";
import authorizeNet from "authorizenet";
import coinbase from "coinbase-commerce-node";
import contentstack from "contentstack";
import EbayApi from "ebay-api";
import hcloud from "hcloud-js";
import Iyzipay from "iyzipay";
import kuzzle from "kuzzle-sdk";
import nodeGeocoder from "node-geocoder";
import Pushover from "pushover-notifications";

import { versionOf } from "../museum.mjs";

const urls = process.env.CLIENT_URLS.split(" ");
const exhibits = [];
// Node 18 has no global of that name.
globalThis.crypto ??= webcrypto;
// A client that goes on for ever is let go.
const PATIENCE_MS = 25_000;

// What the call throws is seen too. `name` is the package's, where the client has another; null is Node itself.
function exhibit(client, speaks, call, name = client.split(",")[0]) {
  const version = name ? versionOf(name) : process.versions.node;
  exhibits.push({ client, version, speaks, call });
}

const place = (url) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) });
const seen = (error) => `${error.name}: ${error.message}`;
const after = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

async function show({ client, version, speaks, call }, url) {
  const gaveUp = after(PATIENCE_MS).then(() => "goes on for ever");
  const sees = await Promise.race([gaveUp, Promise.resolve(url).then(call).catch(seen)]);
  console.log(["exhibit", url, client, version, speaks, String(sees).replace(/\s+/g, " ")].join("\t"));
}

// For clients that say what they were told in a callback.
const told = (call) => new Promise((resolve) => { call(resolve); });

// ------------------------------------------------------------------ HTTP

exhibit("superagent", "REST", async (url) => {
  const error = await superagent.get(`${url}/v1/orders`).catch((thrown) => thrown);
  return `${seen(error)}; response.body.detail: ${error.response.body.detail}`;
});
exhibit("superagent, retry", "REST", (url) => superagent.get(`${url}/v1/orders`).retry(1));
exhibit("ky", "REST", (url) => ky(`${url}/v1/orders`, { retry: 1 }).json());
exhibit("needle", "REST", async (url) => {
  const answer = await needle("get", `${url}/v1/orders`);
  return `${answer.statusCode} ${answer.statusMessage}; body.detail: ${answer.body.detail}`;
});
exhibit("ofetch", "REST", async (url) => {
  const error = await ofetch(`${url}/v1/orders`).catch((thrown) => thrown);
  return `${error.message.replace(/^.*?: /, "")}; data.detail: ${error.data.detail}`;
});
exhibit("node-fetch", "REST", async (url) => {
  const answer = await nodeFetch(`${url}/v1/orders`);
  return `${answer.status} ${answer.statusText}; json().detail: ${(await answer.json()).detail}`;
});
exhibit("request", "REST", (url) => told((resolve) => {
  request({ url: `${url}/v1/orders`, json: true }, (error, answer, body) => {
    resolve(`${answer.statusCode} ${answer.statusMessage}; body.detail: ${body.detail}`);
  });
}));
exhibit("bent", "REST", async (url) => {
  const error = await bent(url, "json")("/v1/orders").catch((thrown) => thrown);
  return `${seen(error)}; text(): ${await error.text()}`;
});
exhibit("wretch", "REST", async (url) => {
  const error = await wretch(`${url}/v1/orders`).get().json().catch((thrown) => thrown);
  return seen(error);
});
exhibit("phin", "REST", async (url) => {
  const answer = await phin({ url: `${url}/v1/orders`, parse: "json" });
  return `${answer.statusCode}; body.detail: ${answer.body.detail}`;
});
exhibit("make-fetch-happen", "REST", async (url) => {
  const answer = await makeFetchHappen(`${url}/v1/orders`, { retry: { retries: 1, minTimeout: 100 } });
  return `${answer.status} ${answer.statusText}; text(): ${await answer.text()}`;
});
exhibit("@hapi/wreck", "REST", async (url) => {
  const error = await Wreck.get(`${url}/v1/orders`, { json: true }).catch((thrown) => thrown);
  return `${seen(error)}; data.payload.detail: ${error.data.payload.detail}`;
});
exhibit("typed-rest-client", "REST", async (url) => {
  const error = await new RestClient("orders", url).get("/v1/orders").catch((thrown) => thrown);
  return `${seen(error)}, ${error.statusCode}`;
});
exhibit("fetch-retry", "REST", async (url) => {
  const answer = await fetchRetry(fetch, { retries: 1, retryDelay: 100, retryOn: [503] })(`${url}/v1/orders`);
  return `${answer.status}, after one more try`;
});
exhibit("fetch (Node)", "REST", async (url) => {
  const answer = await fetch(`${url}/v1/orders`);
  return `${answer.status} ${answer.statusText}; json().detail: ${(await answer.json()).detail}`;
}, null);
exhibit("http.get (Node)", "REST", async (url) => {
  const [answer] = await once(http.get(`${url}/v1/orders`), "response");
  let text = "";
  for await (const piece of answer) text += piece;
  return `${answer.statusCode} ${answer.statusMessage}; body: ${text}`;
}, null);
exhibit("tus-js-client", "uploads (tus)", (url) => told((resolve) => {
  new tus.Upload(Buffer.from("orders"), {
    endpoint: `${url}/files/`, retryDelays: null, onError: (error) => resolve(seen(error)), onSuccess: () => resolve("taken for success"),
  }).start();
}));
exhibit("npm-registry-fetch", "npm registry", (url) => npmRegistryFetch.json("/orders", { registry: url, fetchRetries: 0 }));

// ------------------------------------------------------------------ SDKs

exhibit("@octokit/rest", "GitHub's API", (url) => new Octokit({ baseUrl: url, log: { warn() {}, error() {}, debug() {}, info() {} } })
  .rest.users.getByUsername({ username: "octocat" }));
exhibit("@octokit/rest", "GitHub's API by GraphQL",
  (url) => new Octokit({ baseUrl: url, log: { warn() {}, error() {}, debug() {}, info() {} } }).graphql("{ viewer { login } }"));
exhibit("@gitbeaker/rest", "GitLab's API", async (url) => {
  const error = await new Gitlab({ host: url, token: "x" }).Projects.all().catch((thrown) => thrown);
  return `${seen(error)}; cause.description: ${error.cause?.description}`;
});
exhibit("twilio", "Twilio's API", async (url) => {
  const client = twilio("AC00000000000000000000000000000000", "x", { httpClient: new Redirected(url) });
  return client.messages.create({ from: "+15005550006", to: "+15005550001", body: "7" });
});
exhibit("@slack/web-api", "Slack's API", (url) => new WebClient("x", {
  slackApiUrl: `${url}/api/`, retryConfig: { retries: 0 }, logLevel: SlackLogLevel.ERROR, logger: silent(),
}).auth.test());
exhibit("@slack/webhook", "Slack's webhooks", (url) => new IncomingWebhook(`${url}/services/x`).send("7"));
exhibit("@elastic/elasticsearch", "Elasticsearch", (url) => new Elasticsearch({ node: url, maxRetries: 0 }).search({ index: "orders" }));
exhibit("@opensearch-project/opensearch", "OpenSearch", (url) => new OpenSearch({ node: url, maxRetries: 0 }).search({ index: "orders" }));
exhibit("minio (npm)", "S3", async (url) => {
  const client = new minio.Client({ endPoint: place(url).host, port: place(url).port, useSSL: false, accessKey: "AKIDEXAMPLE",
    secretKey: "example", region: "eu-west-1" });
  client.enableRetry = false;
  return client.getObject("orders", "7.pdf");
}, "minio");
exhibit("dockerode", "Docker Engine", (url) => new Docker({ protocol: "http", ...place(url) }).listContainers());
exhibit("@sendgrid/mail", "SendGrid's API", async (url) => {
  sendgrid.setApiKey("SG.x");
  sendgrid.client.setDefaultRequest("baseUrl", url);
  const error = await sendgrid.send({ to: "a@example.com", from: "b@example.com", subject: "7", text: "7" }).catch((thrown) => thrown);
  return `${seen(error)}; response.body.message: ${error.response?.body?.message}`;
});
exhibit("mailgun.js", "Mailgun's API", (url) => new Mailgun(FormData).client({ username: "api", key: "x", url })
  .messages.create("example.com", { to: ["a@example.com"], from: "b@example.com", text: "7" }));
exhibit("postmark", "Postmark's API", (url) => new postmark.ServerClient("x", { requestHost: new URL(url).host, useHttps: false })
  .sendEmail({ From: "b@example.com", To: "a@example.com", Subject: "7", TextBody: "7" }));
exhibit("@notionhq/client", "Notion's API", (url) => new Notion({ auth: "x", baseUrl: url, logger() {} }).users.list());
exhibit("@discordjs/rest", "Discord's API", (url) => new REST({ api: `${url}/api`, retries: 0 }).setToken("x").get("/users/@me"));
exhibit("telegraf", "Telegram's API", (url) => new Telegraf("7:x", { telegram: { apiRoot: url } }).telegram.getMe());
exhibit("grammy", "Telegram's API", (url) => new Bot("7:x", { client: { apiRoot: url } }).api.getMe());
exhibit("replicate", "Replicate's API", (url) => new Replicate({ auth: "x", baseUrl: `${url}/v1` }).models.get("shop", "orders"));
exhibit("meilisearch", "Meilisearch", (url) => new MeiliSearch({ host: url, apiKey: "x" }).index("orders").search("7"));
exhibit("typesense", "Typesense", (url) => new Typesense.Client({ nodes: [{ ...place(url), protocol: "http" }], apiKey: "x", numRetries: 0,
  logger: silent() }).collections().retrieve());
exhibit("@influxdata/influxdb-client", "InfluxDB", (url) => new InfluxDB({ url, token: "x" }).getQueryApi("orders").collectRows("from(bucket:\"b\")"));
exhibit("node-vault", "Vault", (url) => nodeVault({ endpoint: url, token: "x" }).read("secret/orders"));
exhibit("consul (npm)", "Consul", (url) => new Consul(place(url)).kv.get("orders"), "consul");
exhibit("airtable", "Airtable's API", (url) => new Airtable({ apiKey: "x", endpointUrl: url }).base("app").table("Orders").find("rec7"));
exhibit("@supabase/postgrest-js", "PostgREST", async (url) => {
  const { error, status } = await new PostgrestClient(url).from("orders").select();
  return `${status}; error.message: ${error.message}`;
});
exhibit("masto", "Mastodon's API", (url) => createRestAPIClient({ url, accessToken: "x" }).v1.accounts.verifyCredentials());
exhibit("shopify-api-node", "Shopify's API", async (url) => {
  const shop = new Shopify({ shopName: "orders", accessToken: "x", maxRetries: 0 });
  shop.baseUrl = { ...shop.baseUrl, protocol: "http:", hostname: place(url).host, port: place(url).port };
  return shop.order.list();
});
exhibit("wpapi", "WordPress' API", (url) => new wpapi({ endpoint: `${url}/wp-json` }).posts().get());
exhibit("pocketbase", "PocketBase's API", (url) => new PocketBase(url).collection("orders").getOne("7"));
exhibit("devour-client", "JSON:API", async (url) => {
  const Devour = DevourModule.default ?? DevourModule;
  const client = new Devour({ apiUrl: url, logger: false });
  client.define("order", { total: "" });
  const error = await client.find("order", 7).catch((thrown) => thrown);
  return Object.values(error).map((one) => `${one.title}: ${one.detail}`).join("; ");
});
exhibit("o.js", "OData", async (url) => {
  const answer = await o(`${url}/odata/`).get("Orders").query().catch((thrown) => thrown);
  return answer instanceof Response ? `${answer.status}; json().error.message: ${(await answer.json()).error.message}` : seen(answer);
});
exhibit("tsdav", "CalDAV", (url) => new DAVClient({ serverUrl: `${url}/caldav`, credentials: { username: "a", password: "b" },
  authMethod: "Basic", defaultAccountType: "caldav" }).login());

exhibit("node-telegram-bot-api", "Telegram's API", (url) => new TelegramApi("7:x", { apiRoot: url, maxRetries: 0 }).getMe());
exhibit("cloudflare", "Cloudflare's API", (url) => new Cloudflare({ apiToken: "x", baseURL: url, maxRetries: 0 }).zones.list());
exhibit("@pagerduty/pdjs", "PagerDuty's API", async (url) => {
  sendElsewhere("api.pagerduty.com", url);
  const { status, data } = await pagerDuty({ token: "x" }).get("/incidents");
  return `${status}; data.message: ${data.message}`;
});
exhibit("@linode/api-v4", "Linode's API", async (url) => {
  sendElsewhere("api.linode.com", url);
  setLinodeToken("x");
  const error = await getLinodes().catch((thrown) => thrown);
  return `${seen(error)}; response.data.errors[0].reason: ${error.response?.data?.errors?.[0]?.reason}`;
});
exhibit("trello", "Trello's API", async (url) => {
  sendElsewhere("api.trello.com", url);
  return new Trello("x", "x").getBoards("me");
});
exhibit("asana", "Asana's API", async (url) => {
  Asana.ApiClient.instance.basePath = url;
  const error = await new Asana.UsersApi().getUser("me", {}).catch((thrown) => thrown);
  return `${seen(error)}; response.body.errors[0].message: ${error.response?.body?.errors?.[0]?.message}`;
});
exhibit("dropbox", "Dropbox' API", async (url) => {
  sendElsewhere("api.dropboxapi.com", url);
  const error = await new Dropbox({ accessToken: "x", fetch: globalThis.fetch }).filesListFolder({ path: "" }).catch((thrown) => thrown);
  return `${seen(error)}; error.message: ${error.error?.message}`;
});
exhibit("algoliasearch", "Algolia's API", (url) => algoliasearch("APP", "x", { hosts: [{ url: new URL(url).host, accept: "readWrite", protocol: "http" }] })
  .searchSingleIndex({ indexName: "orders", searchParams: { query: "7" } }));
exhibit("contentful", "Contentful's API", async (url) => {
  const error = await createContentful({ space: "s", accessToken: "x", host: new URL(url).host, insecure: true, retryOnError: false })
    .getEntries().catch((thrown) => thrown);
  return `${error.name}: ${JSON.parse(error.message).message}`;
});
exhibit("@clickhouse/client", "ClickHouse", (url) => createClickhouse({ url, log: { level: 127 } }).query({ query: "SELECT 1" }));
exhibit("jenkins", "Jenkins' API", (url) => new Jenkins({ baseUrl: url }).info());
exhibit("@keycloak/keycloak-admin-client", "Keycloak's API", async (url) => {
  const client = new KeycloakAdmin({ baseUrl: url, realmName: "shop" });
  client.setAccessToken("x");
  const error = await client.users.find().catch((thrown) => thrown);
  return `${seen(error)}; responseData.message: ${error.responseData?.message}`;
});
exhibit("@okta/okta-sdk-nodejs", "Okta's API", (url) => {
  sendElsewhere("shop.okta.com", url);
  const client = new Okta({ orgUrl: "https://shop.okta.com", token: "x", requestExecutor: new DefaultRequestExecutor({ maxRetries: 0 }) });
  return client.userApi.getUser({ userId: "7" });
});
exhibit("braintree", "Braintree's API", (url) => {
  sendElsewhere("api.sandbox.braintreegateway.com", url);
  const gateway = new braintree.BraintreeGateway({ environment: braintree.Environment.Sandbox, merchantId: "m", publicKey: "p", privateKey: "q" });
  return gateway.transaction.find("7").catch((error) => seen({ name: error.type, message: error.message }));
});
exhibit("plaid", "Plaid's API", async (url) => {
  const error = await new PlaidApi(new PlaidConfiguration({ basePath: url })).accountsGet({ access_token: "x" }).catch((thrown) => thrown);
  return `${seen(error)}; response.data.error_message: ${error.response?.data?.error_message}`;
});
exhibit("twitter-api-v2", "Twitter's API", async (url) => {
  sendElsewhere("api.x.com", url);
  sendElsewhere("api.twitter.com", url);
  const error = await new TwitterApi("x").v2.me().catch((thrown) => thrown);
  return `${seen(error)}; data.detail: ${error.data?.detail}`;
});
exhibit("@microsoft/microsoft-graph-client", "Microsoft Graph", async (url) => {
  sendElsewhere("graph.microsoft.com", url);
  const error = await MicrosoftGraph.init({ authProvider: (done) => done(null, "x") }).api("/me").get().catch((thrown) => thrown);
  return `${error.constructor.name}: ${error.code}: ${error.message}`;
});
exhibit("@mollie/api-client", "Mollie's API", (url) => {
  sendElsewhere("api.mollie.com", url);
  return createMollieClient({ apiKey: `test_${"x".repeat(30)}` }).payments.get("tr_7");
});
exhibit("jsforce", "Salesforce's API, SOAP", (url) => new jsforce.Connection({ loginUrl: url }).login("a", "b"));
exhibit("ethers", "JSON-RPC", async (url) => {
  const asked = new FetchRequest(url);
  asked.setThrottleParams({ maxAttempts: 1 });
  const error = await new JsonRpcProvider(asked, 1, { staticNetwork: true }).getBlockNumber().catch((thrown) => thrown);
  return `${error.shortMessage}; info.responseBody: ${error.info?.responseBody}`;
});
exhibit("web3", "JSON-RPC", (url) => new Web3(url).eth.getBlockNumber());

// ------------------------------------------------------------------ clouds and their storage

const amazon = (endpoint) => ({ endpoint, region: "eu-west-1", credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "x" }, maxAttempts: 1 });
exhibit("@aws-sdk/client-dynamodb", "DynamoDB (JSON)", (url) => new DynamoDBClient(amazon(url)).send(new ListTablesCommand({})));
exhibit("@aws-sdk/client-sts", "STS (query)", (url) => new STSClient(amazon(url)).send(new GetCallerIdentityCommand({})));
exhibit("@aws-sdk/client-lambda", "Lambda (REST, JSON)", (url) => new LambdaClient(amazon(url)).send(new ListFunctionsCommand({})));
exhibit("@aws-sdk/client-route-53", "Route 53 (REST, XML)", (url) => new Route53Client(amazon(url)).send(new ListHostedZonesCommand({})));
exhibit("ali-oss", "Alibaba's object storage", (url) => new AliOss({ endpoint: url, accessKeyId: "a", accessKeySecret: "b", bucket: "orders",
  cname: true, secure: false, retryMax: 0 }).get("7.pdf"));
exhibit("@alicloud/pop-core", "Alibaba's clouds", (url) => new AlibabaCloud({ accessKeyId: "a", accessKeySecret: "b", endpoint: url,
  apiVersion: "2014-05-26" }).request("DescribeRegions", {}, { method: "POST" }));
exhibit("cos-nodejs-sdk-v5", "Tencent's object storage", (url) => new Cos({ SecretId: "a", SecretKey: "b", Protocol: "http:", Domain: new URL(url).host,
  ChunkRetryTimes: 0, AutoSwitchHost: false }).getObject({ Bucket: "orders-1", Region: "ap-x", Key: "7.pdf" }));
const google = { projectId: "p", retryOptions: { autoRetry: false }, useAuthWithCustomEndpoint: false };
exhibit("@google-cloud/storage", "Google's object storage", (url) => new GoogleStorage({ ...google, apiEndpoint: url }).bucket("orders").getFiles());
exhibit("@azure/storage-queue", "Azure Storage", (url) => new QueueServiceClient(url, new AzureAnonymous(), { retryOptions: { maxTries: 1 } })
  .getProperties());
const azure = { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } };
exhibit("@azure/keyvault-secrets", "Azure's Key Vault", (url) => {
  const credential = { getToken: async () => ({ token: "x", expiresOnTimestamp: Date.now() + 3_600_000 }) };
  return new SecretClient(url, credential, { ...azure, disableChallengeResourceVerification: true }).getSecret("orders");
});
exhibit("@azure/app-configuration", "Azure's App Configuration", (url) => new AppConfigurationClient(`Endpoint=${url};Id=a;Secret=eA==`, azure)
  .getConfigurationSetting({ key: "orders" }));
exhibit("@scaleway/sdk-client", "Scaleway's API", (url) => createScaleway({ apiURL: url, defaultPageSize: 1 }).fetch({ method: "GET", path: "/instance/v1/servers" }));
exhibit("@supabase/storage-js", "Supabase' storage", async (url) => seen((await new SupabaseStorage(url).from("orders").list()).error));

// ------------------------------------------------------------------ databases

exhibit("arangojs", "ArangoDB", (url) => new ArangoDatabase({ url, maxRetries: false }).listCollections());
exhibit("@libsql/hrana-client", "libSQL", (url) => openLibsql(url, "x").openStream().query("select 1"));
exhibit("@planetscale/database", "PlanetScale", (url) => connectPlanetscale({ url: "mysql://a:b@example.com/orders",
  fetch: (_, options) => fetch(`${url}/psdb.v1alpha1.Database/Execute`, options) }).execute("select 1"));
exhibit("@qdrant/js-client-rest", "Qdrant", (url) => new QdrantClient({ url, checkCompatibility: false }).getCollections());
exhibit("@cubejs-client/core", "Cube's API", (url) => (cube.default ?? cube)("x", { apiUrl: `${url}/cubejs-api/v1` }).load({ measures: ["Orders.count"] }));
exhibit("@upstash/redis", "Upstash' Redis", (url) => new UpstashRedis({ url, token: "x", retry: false }).get("order"));

// ------------------------------------------------------------------ content

exhibit("@directus/sdk", "Directus, reading", (url) => createDirectus(url).with(directusRest()).request(readItems("orders")).then(() => "taken for success",
  (error) => error.errors[0].message));
exhibit("@directus/sdk", "Directus, writing", (url) => createDirectus(url).with(directusRest()).request(createItem("orders", { item: 7 }))
  .then(() => "taken for success", (error) => error.errors[0].message));
exhibit("@tryghost/content-api", "Ghost", (url) => new Ghost({ url, key: "0123456789abcdef0123456789", version: "v5.0" }).posts.browse()
  .catch((error) => error.message));
exhibit("@sanity/client", "Sanity", (url) => createSanity({ apiHost: url, projectId: "p", dataset: "d", useProjectHostname: false, useCdn: false,
  apiVersion: "2024-01-01", maxRetries: 0 }).fetch("*"));
exhibit("storyblok-js-client", "Storyblok", (url) => new Storyblok({ accessToken: "x", endpoint: `${url}/v2`, maxRetries: 0 }).get("cdn/stories")
  .catch((error) => `${error.status}: ${error.message}`));
exhibit("@feathersjs/rest-client", "Feathers", (url) => {
  const application = feathers();
  application.configure((FeathersRest.default ?? FeathersRest)(url).fetch(fetch));
  return application.service("orders").get(7);
});

// ------------------------------------------------------------------ language models

exhibit("ai", "OpenAI's API", (url) => generateText({ model: createOpenAI({ apiKey: "x", baseURL: `${url}/v1` })("m"), prompt: "7", maxRetries: 0 }));
exhibit("groq-sdk", "Groq's API", (url) => new Groq({ apiKey: "x", baseURL: url, maxRetries: 0 }).models.list());
exhibit("@google/generative-ai", "Gemini's API", (url) => new GoogleGenerativeAI("x").getGenerativeModel({ model: "m" }, { baseUrl: url }).generateContent("7"));
exhibit("@huggingface/inference", "Hugging Face's API", (url) => new InferenceClient("hf_x", { endpointUrl: url })
  .chatCompletion({ endpointUrl: url, messages: [{ role: "user", content: "7" }] }));

// ------------------------------------------------------------------ services of others

exhibit("@atproto/xrpc", "AT Protocol", (url) => new XrpcClient({ service: url }, [{ lexicon: 1, id: "shop.order", defs: { main: { type: "query",
  output: { encoding: "application/json" } } } }]).call("shop.order"));
exhibit("bitbucket", "Bitbucket's API", (url) => new BitbucketModule.Bitbucket({ baseUrl: url, notice: false }).repositories.list({ workspace: "shop" }));
exhibit("gitea-js", "Gitea's API", (url) => giteaApi(url, { token: "x" }).repos.repoGet("shop", "orders")
  .catch((answer) => `${answer.status} ${answer.statusText}; error.message: ${answer.error?.message}`));
exhibit("messagebird", "MessageBird's API", (url) => {
  sendElsewhere("rest.messagebird.com", url);
  return told((resolve) => { messageBird("x").balance.read((error) => resolve(error ? seen(error) : "taken for success")); });
});
exhibit("onesignal-node", "OneSignal's API", (url) => new OneSignal.Client("a", "b", { apiRoot: url }).viewDevices());
exhibit("razorpay", "Razorpay's API", (url) => {
  sendElsewhere("api.razorpay.com", url);
  return new Razorpay({ key_id: "a", key_secret: "b" }).orders.all().catch(({ statusCode, error }) => `${statusCode}: ${error?.description}`);
});
exhibit("resend", "Resend's API", async (url) => {
  const { error } = await new Resend("re_x", { baseUrl: url }).emails.send({ from: "a@example.com", to: "b@example.com", subject: "7", text: "7" });
  return error.message;
});
exhibit("@workos-inc/node", "WorkOS' API", (url) => new WorkOS("x", { apiHostname: place(url).host, port: place(url).port, https: false })
  .organizations.getOrganization("7"));

// ------------------------------------------------------------------ what watches an application

exhibit("@bugsnag/js", "Bugsnag", (url) => told((resolve) => {
  const client = Bugsnag.createClient({ apiKey: "0".repeat(32), endpoints: { notify: url, sessions: url }, logger: null, autoTrackSessions: false,
    autoDetectErrors: false });
  client.notify(new Error("7"), null, (error) => resolve(error ? seen(error) : "taken for success"));
}));
exhibit("configcat-node", "ConfigCat", async (url) => {
  const said = [];
  const client = configcat.getClient(`${"a".repeat(22)}/${"b".repeat(22)}`, configcat.PollingMode.ManualPoll, { baseUrl: url,
    logger: { level: configcat.LogLevel.Error, log: (level, id, message) => said.push(String(message)) } });
  await client.forceRefreshAsync();
  return said.join("; ");
});
exhibit("mixpanel", "Mixpanel", (url) => told((resolve) => {
  Mixpanel.init("x", { host: new URL(url).host, protocol: "http" }).track("order", { distinct_id: "7" }, (error) => resolve(error ? seen(error) : "taken for success"));
}));
exhibit("prom-client", "Prometheus' Pushgateway", (url) => new prometheus.Pushgateway(url, {}, new prometheus.Registry()).pushAdd({ jobName: "orders" }));
exhibit("splunk-logging", "Splunk's HTTP Event Collector", (url) => told((resolve) => {
  const logger = new SplunkLogger({ token: "x", url, maxRetries: 0 });
  logger.error = (error) => resolve(seen(error));
  logger.send({ message: "7" }, (error, answer, body) => resolve(error ? seen(error) : `no error; body.text: ${body.text}`));
}));

// ------------------------------------------------------------------ tokens

exhibit("openid-client", "OAuth", async (url) => {
  const config = new openidClient.Configuration({ issuer: url, token_endpoint: `${url}/token` }, "orders", "secret");
  openidClient.allowInsecureRequests(config);
  return openidClient.clientCredentialsGrant(config);
});
exhibit("openid-client", "OpenID Connect, discovery", (url) => openidClient.discovery(new URL(url), "orders", "secret", undefined,
  { execute: [openidClient.allowInsecureRequests] }));
exhibit("openid-client 5", "OpenID Connect, discovery", (url) => Issuer.discover(url), "openid-client-5");
exhibit("openid-client 5", "OpenID Connect, userinfo", (url) => {
  const { Client } = new Issuer({ issuer: url, userinfo_endpoint: `${url}/me` });
  return new Client({ client_id: "orders", client_secret: "secret" }).userinfo("token");
}, "openid-client-5");
exhibit("oidc-client-ts", "OpenID Connect, discovery", (url) => {
  const nowhere = { getItem: async () => null, setItem: async () => {}, removeItem: async () => {}, getAllKeys: async () => [] };
  const store = { get: nowhere.getItem, set: nowhere.setItem, remove: nowhere.removeItem, getAllKeys: nowhere.getAllKeys };
  return new OidcClient({ authority: url, client_id: "orders", redirect_uri: `${url}/back`, stateStore: store }).createSigninRequest({});
});
exhibit("oauth4webapi", "OAuth", async (url) => {
  const server = { issuer: url, token_endpoint: `${url}/token` };
  const client = { client_id: "orders" };
  const answer = await oauth4webapi.clientCredentialsGrantRequest(server, client, oauth4webapi.ClientSecretPost("secret"),
    new URLSearchParams(), { [oauth4webapi.allowInsecureRequests]: true });
  return oauth4webapi.processClientCredentialsResponse(server, client, answer);
});

exhibit("@fusionauth/typescript-client", "REST", async (url) => {
  const error = await new FusionAuthClient("key", url).retrieveUser("1").catch((thrown) => thrown);
  return `${error.statusCode}; exception.message: ${error.exception.message}`;
});

// ------------------------------------------------------------------ chat

exhibit("@mattermost/client", "REST", (url) => {
  const client = new mattermost.Client4();
  client.setUrl(url);
  return client.getMe();
});
// It looks at no status: whatever JSON comes is what the relay says of itself.
exhibit("nostr-tools", "Nostr, the description of a relay", async (url) => {
  const relay = await fetchRelayInformation(url.replace("http", "ws"));
  return `the description of the relay "${relay.name}": ${relay.description}`;
});

// ------------------------------------------------------------------ calls

exhibit("graphql-request", "GraphQL", async (url) => {
  const error = await new GraphQLClient(`${url}/graphql`).request("{ orders { total } }").catch((thrown) => thrown);
  return `${error.constructor.name}: ${error.response.errors[0].message}`;
});
exhibit("@urql/core", "GraphQL", async (url) => {
  const { error } = await new Urql({ url: `${url}/graphql`, exchanges: [fetchExchange] }).query("{ orders { total } }", {}).toPromise();
  return seen(error);
});
exhibit("graphql-http", "GraphQL", (url) => told((resolve) => {
  createGraphqlHttp({ url: `${url}/graphql`, retryAttempts: 0 }).subscribe({ query: "{ orders }" }, {
    next: (value) => resolve(JSON.stringify(value)), error: (error) => resolve(seen(error)), complete() {},
  });
}));
exhibit("isomorphic-git", "git", (url) => isomorphicGit.getRemoteInfo({ http: isomorphicGitHttp, url: `${url}/shop.git` }));
exhibit("onvif", "ONVIF", (url) => told((resolve) => {
  new Cam({ hostname: place(url).host, port: place(url).port, username: "a", password: "b", timeout: 5000 }, (error) => resolve(seen(error)));
}));
for (const sendJson of [false, true]) {
  exhibit("@protobuf-ts/twirp-transport", `Twirp, ${sendJson ? "JSON" : "protobuf"}`, async (url) => {
    const Order = new MessageType("shop.Order", [{ no: 1, name: "id", kind: "scalar", T: ScalarType.INT32 }]);
    const service = new ServiceType("shop.Orders", [{ name: "GetOrder", I: Order, O: Order }]);
    const transport = new TwirpFetchTransport({ baseUrl: `${url}/twirp`, sendJson });
    const error = await transport.unary(service.methods[0], { id: 7 }, transport.mergeOptions()).response.catch((thrown) => thrown);
    return `${error.name}: ${error.code}: ${error.message}`;
  });
}
exhibit("json-rpc-2.0", "JSON-RPC", (url) => {
  const client = new JSONRPCClient(async (call) => {
    const answer = await fetch(`${url}/rpc`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(call) });
    client.receive(await answer.json());
  });
  return client.request("orders.get", { id: 7 });
});
exhibit("thrift", "Thrift over HTTP", (url) => new Promise((resolve, reject) => {
  const connection = thrift.createHttpConnection(place(url).host, place(url).port,
    { path: "/orders", transport: thrift.TBufferedTransport, protocol: thrift.TCompactProtocol });
  connection.on("error", reject);
  thrift.createHttpClient(ThriftOrders, connection).get((error, order) => (error ? reject(error) : resolve(order)));
}));

// ------------------------------------------------------------------ events

for (const transport of ["polling", "websocket"]) {
  exhibit("socket.io-client", `Socket.IO, ${transport}`, async (url) => {
    const socket = io(url, { transports: [transport], reconnection: false });
    const [error] = await once(socket, "connect_error");
    socket.close();
    return `connect_error: ${error.message}; description: ${error.description?.message ?? error.description}`;
  });
}
exhibit("sockjs-client", "SockJS", (url) => told((resolve) => {
  new SockJS(`${url}/updates`, null, { timeout: 3000 }).onclose = ({ code, reason }) => resolve(`close ${code}: ${reason}`);
}));
exhibit("@microsoft/signalr", "SignalR", (url) => new HubConnectionBuilder().withUrl(`${url}/hub`).configureLogging(LogLevel.None).build().start());

// ------------------------------------------------------------------ more services, each with an error of its own

exhibit("@easypost/api", "EasyPost's API", (url) => new EasyPost("k", { baseUrl: `${url}/v2/` }).Address.retrieve("adr_1"));
exhibit("@paddle/paddle-node-sdk", "Paddle's API", (url) => new Paddle("k", { environment: url }).products.get("pro_1"));
exhibit("node-zendesk", "Zendesk's API", (url) => zendesk.createClient({ username: "ann", token: "x", endpointUri: `${url}/api/v2` }).tickets.list()
  .then(() => "taken for success", (error) => `${error.message}; result.message: ${error.result.message}`));
exhibit("mailtrap", "Mailtrap's API", (url) => {
  sendElsewhere("send.api.mailtrap.io", url);
  return new MailtrapClient({ token: "x" }).send({ from: { email: "a@example.com" }, to: [{ email: "b@example.com" }], subject: "7", text: "7" });
});
exhibit("@amplitude/analytics-node", "Amplitude", async (url) => {
  const client = amplitude.createInstance();
  await client.init("k", { serverUrl: `${url}/2/httpapi`, flushMaxRetries: 1, flushIntervalMillis: 100, logLevel: 0 }).promise;
  const { code, message } = await client.track("ordered", {}, { user_id: "7" }).promise;
  return `${code}: ${message}`;
});
exhibit("gocardless-nodejs", "GoCardless' API", (url) => {
  sendElsewhere("api-sandbox.gocardless.com", url);
  return gocardless("x", GoCardlessEnvironments.Sandbox).customers.find("7");
});
exhibit("recurly", "Recurly's API", (url) => {
  sendElsewhere("v3.recurly.com", url);
  return new recurly.Client("x").getAccount("7");
});
exhibit("deepl-node", "DeepL's API", (url) => new DeepL.Translator("k", { serverUrl: url, maxRetries: 0 }).getUsage());
exhibit("@lemonsqueezy/lemonsqueezy.js", "Lemon Squeezy's API", async (url) => {
  sendElsewhere("api.lemonsqueezy.com", url);
  lemonSqueezySetup({ apiKey: "k" });
  const { error } = await getAuthenticatedUser();
  return `${error.message}; cause[0].detail: ${error.cause[0].detail}`;
});
exhibit("@datocms/cma-client-node", "DatoCMS' API", (url) => buildDato({ apiToken: "x", baseUrl: url, autoRetry: false }).items.list());
exhibit("@shopify/storefront-api-client", "Shopify's storefront", async (url) => {
  sendElsewhere("shop.myshopify.com", url);
  const client = createStorefrontApiClient({ storeDomain: "https://shop.myshopify.com", apiVersion: "2026-10", publicAccessToken: "x",
    customFetchApi: (...asked) => fetch(...asked) });
  return (await client.request("{ shop { name } }")).errors.message;
});
exhibit("client-oauth2", "OAuth", (url) => new ClientOAuth2({ clientId: "a", clientSecret: "b", accessTokenUri: `${url}/token` }).credentials.getToken()
  .catch((error) => `${error.message}; body.error_description: ${error.body.error_description}`));
exhibit("passport-oauth2", "OAuth", (url) => told((resolve) => {
  const strategy = new PassportOAuth2({ authorizationURL: `${url}/authorize`, tokenURL: `${url}/token`, clientID: "a", clientSecret: "b",
    callbackURL: "http://app.example.com/" }, () => resolve("taken for success"));
  strategy.error = (error) => resolve(seen(error));
  strategy.authenticate({ query: { code: "7" }, session: {}, headers: {}, connection: {} }, {});
}));
exhibit("@orpc/client", "oRPC", (url) => createORPCClient(new RPCLink({ url: `${url}/rpc` })).orders.list({ item: 7 }));
exhibit("@elysiajs/eden", "Elysia", async (url) => {
  const { error } = await treaty(url).orders.get();
  return `${error.status}; value.detail: ${error.value.detail}`;
});
exhibit("presto-client", "Presto", (url) => told((resolve) => {
  new presto.Client({ ...place(url), user: "ann" }).execute({ query: "SELECT 7", catalog: "shop", schema: "orders",
    success: () => resolve("taken for success"), error: ({ message }) => resolve(message) });
}));
exhibit("trino-client", "Trino", (url) => Trino.create({ server: url, catalog: "shop", schema: "orders" }).query("SELECT 7")
  .then(() => "taken for success", (error) => `${seen(error)}; response.data.detail: ${error.response.data.detail}`));
exhibit("influx", "InfluxDB", (url) => new Influx({ ...place(url), database: "orders", pool: { maxRetries: 0 } }).query("SELECT 7"));
exhibit("@neondatabase/serverless", "Neon", (url) => {
  sendElsewhere("api.shop.neon.tech", url);
  return neon("postgres://ann:x@orders.shop.neon.tech/orders")`SELECT 7`;
});
exhibit("@tidbcloud/serverless", "TiDB", (url) => {
  sendElsewhere("http-db.tidb.io", url);
  return connectTidb({ url: "mysql://ann:x@db.tidb.io/orders" }).execute("SELECT 7");
});

exhibit("amazon-sp-api", "Amazon's Selling Partner API", (url) => {
  sendElsewhere("sellingpartnerapi-eu.amazon.com", url);
  const credentials = { SELLING_PARTNER_APP_CLIENT_ID: "shop", SELLING_PARTNER_APP_CLIENT_SECRET: "x" };
  const options = { auto_request_tokens: false };
  return new SellingPartner({ region: "eu", refresh_token: "x", access_token: "x", credentials, options })
    .callAPI({ operation: "getOrders", endpoint: "orders", query: {} }).then(() => "taken for success");
});
exhibit("amazon-sp-api, its token", "Login with Amazon", (url) => {
  sendElsewhere("api.amazon.com", url);
  const credentials = { SELLING_PARTNER_APP_CLIENT_ID: "shop", SELLING_PARTNER_APP_CLIENT_SECRET: "x" };
  return new SellingPartner({ region: "eu", refresh_token: "x", credentials }).refreshAccessToken();
});
exhibit("node-geocoder, Nominatim", "geocoding", (url) => nodeGeocoder({ provider: "openstreetmap", osmServer: url })
  .geocode("Vienna").then(() => "taken for success"));
exhibit("node-geocoder, Google Maps", "geocoding", (url) => {
  sendElsewhere("maps.googleapis.com", url);
  return nodeGeocoder({ provider: "google", apiKey: "x" }).geocode("Vienna").then(() => "taken for success");
});
exhibit("authorizenet", "Authorize.Net", (url) => told((resolve) => {
  const merchant = new authorizeNet.APIContracts.MerchantAuthenticationType();
  merchant.setName("shop");
  const request = new authorizeNet.APIContracts.GetTransactionDetailsRequest();
  request.setMerchantAuthentication(merchant);
  request.setTransId("7");
  const controller = new authorizeNet.APIControllers.GetTransactionDetailsController(request.getJSON());
  controller.setEnvironment(`${url}/xml/v1/request.api`);
  controller.execute(() => {
    const { resultCode, message: [error] } = controller.getResponse().messages;
    resolve(`${resultCode} ${error.code}: ${error.text}`);
  });
}));
exhibit("cloudinary", "Cloudinary", (url) => {
  sendElsewhere("api.cloudinary.com", url);
  cloudinary.config({ cloud_name: "shop", api_key: "x", api_secret: "x" });
  return cloudinary.api.resources().catch(({ error }) => `${error.http_code}: ${error.message}`);
});
exhibit("pushover-notifications", "Pushover", (url) => told((resolve) => {
  sendElsewhere("api.pushover.net", url);
  new Pushover({ user: "x", token: "x", onerror: resolve }).send({ message: "7" }, () => resolve("taken for success"));
}));
exhibit("tumblr.js", "Tumblr", (url) => {
  sendElsewhere("api.tumblr.com", url);
  return createTumblr({ consumer_key: "x" }).blogInfo("shop");
});
exhibit("@uploadcare/upload-client", "Uploadcare", (url) =>
  new UploadClient({ publicKey: "x", baseURL: url }).uploadFile(Buffer.from("7"), { fileName: "orders.txt" }));
exhibit("contentstack", "Contentstack", async (url) => {
  sendElsewhere("cdn.contentstack.io", url);
  const stack = contentstack.Stack({ api_key: "x", delivery_token: "x", environment: "shop", fetchOptions: { retryLimit: 0 } });
  return (await stack.ContentType("orders").Entry("7").fetch().catch((thrown) => thrown)).error_message;
});
exhibit("binance", "Binance", async (url) => {
  sendElsewhere("api.binance.com", url);
  const error = await new Binance().getServerTime().catch((thrown) => thrown);
  return `${error.code}: ${error.message}`;
});
exhibit("ebay-api", "eBay", (url) => {
  sendElsewhere("api.sandbox.ebay.com", url);
  const shop = new EbayApi({ appId: "shop", certId: "x", sandbox: true, siteId: 0 });
  shop.OAuth2.setCredentials({ access_token: "x", expires_in: 7200, token_type: "x" });
  return shop.buy.browse.getItem("v1|7|0");
});
exhibit("coinbase-commerce-node", "Coinbase Commerce", (url) => {
  sendElsewhere("api.commerce.coinbase.com", url);
  coinbase.Client.init("x");
  return coinbase.resources.Charge.retrieve("7");
});
exhibit("customerio-node", "Customer.io", (url) => {
  sendElsewhere("track.customer.io", url);
  return new TrackClient("shop", "x").identify("7", {});
});
exhibit("hcloud-js", "Hetzner Cloud", (url) => {
  sendElsewhere("api.hetzner.cloud", url);
  return new hcloud.Client("x").servers.list().catch((error) => error.message);
});
exhibit("iyzipay", "iyzico", (url) => told((resolve) => {
  sendElsewhere("sandbox-api.iyzipay.com", url);
  new Iyzipay({ apiKey: "x", secretKey: "x", uri: "https://sandbox-api.iyzipay.com" })
    .payment.retrieve({ paymentId: "7" }, (error, answer) => resolve(`${answer.status}: ${answer.errorMessage}`));
}));
exhibit("kuzzle-sdk", "Kuzzle", (url) => new kuzzle.Kuzzle(new kuzzle.Http(place(url).host, { port: place(url).port })).connect()
  .catch((error) => error.message));
exhibit("selenium-webdriver", "WebDriver", (url) => new Builder().usingServer(`${url}/wd/hub`).forBrowser("chrome").build());
exhibit("@upstash/vector", "Upstash Vector", (url) => new UpstashVector({ url, token: "x", retry: { retries: 0 } }).info());
exhibit("@vercel/blob", "Vercel Blob", (url) => {
  process.env.VERCEL_BLOB_API_URL = `${url}/api/blob`;
  process.env.VERCEL_BLOB_RETRIES = "0";
  return putBlob("orders.txt", "7", { access: "public", token: "vercel_blob_rw_shop_x" });
});
exhibit("google-auth-library", "OAuth 2.0", (url) => {
  sendElsewhere("oauth2.googleapis.com", url);
  const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" });
  return new JWT({ email: "ann@shop.example.com", key, scopes: ["orders"] }).authorize();
});

// ------------------------------------------------------------------ helpers of single clients

function silent() {
  return { debug() {}, info() {}, warn() {}, error() {}, trace() {}, setLevel() {}, setName() {}, getLevel: () => "error" };
}

/** As the compiler of Thrift writes a client. */
class ThriftOrders {
  constructor(output, Protocol) {
    Object.assign(this, { output, Protocol, _reqs: {} });
  }

  get(done) {
    this._reqs[7] = done;
    const protocol = new this.Protocol(this.output);
    protocol.writeMessageBegin("get", thrift.Thrift.MessageType.CALL, 7);
    protocol.writeFieldStop();
    protocol.writeMessageEnd();
    this.output.flush();
  }

  recv_get(protocol, type, number) {
    const error = new thrift.Thrift.TApplicationException();
    error[Symbol.for("read")](protocol);
    protocol.readMessageEnd();
    this._reqs[number](type === thrift.Thrift.MessageType.EXCEPTION ? error : null, "an order");
  }
}

/** Twilio's addresses are fixed; its own client is sent elsewhere. */
class Redirected extends twilio.RequestClient {
  constructor(url) {
    super();
    this.place = url;
  }

  request(options) {
    return super.request({ ...options, uri: options.uri.replace(/^https:\/\/[^/]+/, this.place) });
  }
}

await Promise.all(exhibits.map((one, i) => show(one, urls[i])));
process.exit(0);
