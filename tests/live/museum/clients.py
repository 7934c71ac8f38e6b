"""Clients in Python, and what each shows its user: see tests/support/museum_program.py."""

import asyncio
import importlib.metadata
import logging
import os
import platform
import re
import urllib.error
import urllib.request
import warnings

URLS = iter(os.environ["CLIENT_URLS"].split())
PYTHON = platform.python_version()
WSDL = os.path.join(os.environ["INTERMISSION_SOURCE"], "tests", "live", "orders.wsdl")
logging.disable(logging.CRITICAL)


def exhibit(client, package, speaks):
    """Shows what the function below returns or raises; `package` says the version."""
    def show(call):
        url = next(URLS)
        try:
            sees = call(url)
            if asyncio.iscoroutine(sees):
                sees = asyncio.run(sees)
        except (ImportError, NameError, TypeError):
            raise
        except Exception as error:  # pylint: disable=broad-exception-caught
            sees = f"{type(error).__name__}: {error}"
        version = PYTHON if package is None else importlib.metadata.version(package)
        print("exhibit", url, client, version, speaks, " ".join(str(sees).split()), sep="\t")
    return show


@exhibit("urllib.request (Python)", None, "REST")
def urllib_request(url):
    try:
        return urllib.request.urlopen(f"{url}/v1/orders")
    except urllib.error.HTTPError as error:
        return f"HTTPError: {error}; read(): {error.read().decode()}"


@exhibit("requests", "requests", "REST")
def requests_get(url):
    import requests
    answer = requests.get(f"{url}/v1/orders")
    return f"{answer.status_code} {answer.reason}; text: {answer.text}"


@exhibit("requests, raise_for_status", "requests", "REST")
def requests_raising(url):
    import requests
    requests.get(f"{url}/v1/orders").raise_for_status()


@exhibit("requests, urllib3 Retry", "requests", "REST")
def requests_retrying(url):
    import requests
    import urllib3
    session = requests.Session()
    retry = urllib3.Retry(total=1, status_forcelist=[503], raise_on_status=False)
    session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))
    return f"{session.get(f'{url}/v1/orders').status_code}, after one more try"


@exhibit("urllib3", "urllib3", "REST")
def urllib3_request(url):
    import urllib3
    answer = urllib3.PoolManager().request("GET", f"{url}/v1/orders")
    return f"{answer.status} {answer.reason}; data: {answer.data.decode()}"


@exhibit("httpx", "httpx", "REST")
def httpx_get(url):
    import httpx
    answer = httpx.get(f"{url}/v1/orders")
    return f"{answer.status_code} {answer.reason_phrase}; text: {answer.text}"


@exhibit("httpx, raise_for_status", "httpx", "REST")
def httpx_raising(url):
    import httpx
    httpx.get(f"{url}/v1/orders").raise_for_status()


@exhibit("aiohttp", "aiohttp", "REST")
async def aiohttp_get(url):
    import aiohttp
    async with aiohttp.ClientSession() as session, session.get(f"{url}/v1/orders") as answer:
        return f"{answer.status} {answer.reason}; text: {await answer.text()}"


@exhibit("aiohttp, raise_for_status", "aiohttp", "REST")
async def aiohttp_raising(url):
    import aiohttp
    async with aiohttp.ClientSession(raise_for_status=True) as session, session.get(f"{url}/v1/orders") as answer:
        return await answer.text()


@exhibit("aiohttp", "aiohttp", "WebSocket")
async def aiohttp_socket(url):
    import aiohttp
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{url}/live") as socket:
        return await socket.receive()


@exhibit("pycurl", "pycurl", "REST")
def pycurl_perform(url):
    import io

    import pycurl
    heard = io.BytesIO()
    curl = pycurl.Curl()
    curl.setopt(pycurl.URL, f"{url}/v1/orders")
    curl.setopt(pycurl.WRITEDATA, heard)
    curl.perform()
    return f"{curl.getinfo(pycurl.RESPONSE_CODE)}; body: {heard.getvalue().decode()}"


@exhibit("httplib2", "httplib2", "REST")
def httplib2_request(url):
    import httplib2
    answer, body = httplib2.Http().request(f"{url}/v1/orders")
    return f"{answer.status} {answer.reason}; content: {body.decode()}"


@exhibit("tornado", "tornado", "REST")
async def tornado_fetch(url):
    import tornado.httpclient
    try:
        await tornado.httpclient.AsyncHTTPClient().fetch(f"{url}/v1/orders")
    except tornado.httpclient.HTTPClientError as error:
        return f"{error}; response.body: {error.response.body.decode()}"


@exhibit("mechanize (Python)", "mechanize", "page")
def mechanize_open(url):
    import mechanize
    browser = mechanize.Browser()
    browser.set_handle_robots(False)
    browser.open(f"{url}/orders")


@exhibit("suds", "suds-community", "SOAP 1.1")
def suds_call(url):
    import suds.client
    client = suds.client.Client(f"file://{WSDL}", location=f"{url}/soap", cache=None)
    client.set_options(port="Port11")
    return client.service.GetOrder("7")


@exhibit("suds", "suds-community", "SOAP, from ?wsdl")
def suds_constructed(url):
    import suds
    import suds.client
    client = suds.client.Client(f"{url}/soap?wsdl", cache=None)
    client.set_options(port="Port11")
    try:
        return client.service.GetOrder("7")
    except suds.WebFault as error:
        said = error.fault.detail.ServiceUnavailable
        return f"WebFault: {error.fault.faultstring}; ServiceUnavailable, code {said.code}: {said.message}"


@exhibit("jsonrpclib", "jsonrpclib-pelix", "JSON-RPC")
def jsonrpclib_call(url):
    import jsonrpclib
    return jsonrpclib.ServerProxy(f"{url}/rpc").getOrder(7)


# As the compiler of Thrift writes a call.
@exhibit("thrift (Python)", "thrift", "Thrift over HTTP")
def thrift_call(url):
    from thrift.protocol.TBinaryProtocol import TBinaryProtocol
    from thrift.Thrift import TApplicationException, TMessageType
    from thrift.transport.THttpClient import THttpClient
    from thrift.transport.TTransport import TBufferedTransport
    protocol = TBinaryProtocol(TBufferedTransport(THttpClient(f"{url}/orders")))
    protocol.writeMessageBegin("get", TMessageType.CALL, 7)
    protocol.writeFieldStop()
    protocol.writeMessageEnd()
    protocol.trans.flush()
    _, kind, _ = protocol.readMessageBegin()
    assert kind == TMessageType.EXCEPTION
    error = TApplicationException()
    error.read(protocol)
    raise error


@exhibit("cbor2, over requests", "cbor2", "REST in CBOR")
def cbor_get(url):
    import cbor2
    import requests
    answer = requests.get(f"{url}/v1/orders", headers={"Accept": "application/cbor"})
    return f"{answer.status_code}; message: {cbor2.loads(answer.content)['message']}"


@exhibit("msgpack, over requests", "msgpack", "REST in MessagePack")
def message_pack_post(url):
    import msgpack
    import requests
    answer = requests.post(f"{url}/v1/orders", data=msgpack.packb({"id": 7}), headers={"Content-Type": "application/msgpack"})
    return f"{answer.status_code}; message: {msgpack.unpackb(answer.content)['message']}"


@exhibit("feedparser", "feedparser", "feeds")
def feedparser_parse(url):
    import feedparser
    feed = feedparser.parse(f"{url}/feed.xml")
    return f"status {feed.status}, {len(feed.entries)} entries; bozo: {feed.bozo}"


@exhibit("caldav", "caldav", "CalDAV")
def caldav_principal(url):
    import caldav
    return caldav.DAVClient(f"{url}/calendars/", username="a", password="b").principal()


@exhibit("easywebdav", "easywebdav", "WebDAV")
def easywebdav_ls(url):
    import easywebdav
    host, port = url[len("http://"):].split(":")
    return easywebdav.connect(host, port=int(port)).ls("files")


def boto3_client(service, url, mode):
    import boto3
    import botocore.config
    config = botocore.config.Config(retries={"total_max_attempts": 2, "mode": mode})
    return boto3.client(service, endpoint_url=url, region_name="eu-west-1", config=config,
                        aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="example")


@exhibit("boto3", "boto3", "S3")
def boto3_s3(url):
    return boto3_client("s3", url, "standard").get_object(Bucket="orders", Key="7.pdf")


@exhibit("boto3", "boto3", "SQS (query)")
def boto3_sqs(url):
    return boto3_client("sqs", url, "legacy").list_queues()


@exhibit("boto3", "boto3", "DynamoDB (JSON)")
def boto3_dynamodb(url):
    return boto3_client("dynamodb", url, "standard").list_tables()


@exhibit("elasticsearch (Python)", "elasticsearch", "Elasticsearch")
def elasticsearch_search(url):
    import elasticsearch
    return elasticsearch.Elasticsearch([url], max_retries=1).search(index="orders")


@exhibit("PyGithub", "PyGithub", "GitHub's API")
def github_user(url):
    import github
    return github.Github("token", base_url=url).get_user("octocat").name


@exhibit("python-gitlab", "python-gitlab", "GitLab's API")
def gitlab_projects(url):
    import gitlab
    return gitlab.Gitlab(url, private_token="x").projects.list(max_retries=1)


@exhibit("requests-oauthlib", "requests-oauthlib", "OAuth")
def oauthlib_token(url):
    import oauthlib.oauth2
    import requests_oauthlib
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    client = oauthlib.oauth2.BackendApplicationClient(client_id="orders")
    return requests_oauthlib.OAuth2Session(client=client).fetch_token(f"{url}/token", client_secret="secret")


@exhibit("Authlib", "Authlib", "OAuth")
def authlib_token(url):
    from authlib.integrations.requests_client import OAuth2Session
    return OAuth2Session("orders", "secret").fetch_token(f"{url}/token", grant_type="client_credentials")


@exhibit("docker (Python)", "docker", "Docker Engine")
def docker_images(url):
    import docker
    return docker.DockerClient(base_url=url.replace("http:", "tcp:"), version="1.41").images.list()


@exhibit("kubernetes (Python)", "kubernetes", "Kubernetes")
def kubernetes_pods(url):
    import kubernetes
    configuration = kubernetes.client.Configuration(host=url)
    try:
        return kubernetes.client.CoreV1Api(kubernetes.client.ApiClient(configuration)).list_namespaced_pod("default")
    except kubernetes.client.ApiException as error:
        return f"{error.status} {error.reason}; body: {error.body}"


@exhibit("influxdb (Python)", "influxdb", "InfluxDB")
def influxdb_query(url):
    import influxdb
    host, port = url[len("http://"):].split(":")
    return influxdb.InfluxDBClient(host, int(port), retries=1, database="orders").query("SELECT * FROM orders")


@exhibit("python-consul", "python-consul", "Consul")
def consul_get(url):
    import consul
    host, port = url[len("http://"):].split(":")
    return consul.Consul(host, int(port)).kv.get("orders")


@exhibit("hvac", "hvac", "Vault")
def hvac_read(url):
    import hvac
    return hvac.Client(url, token="x").read("secret/orders")


@exhibit("swiftclient", "python-swiftclient", "OpenStack Swift")
def swift_get(url):
    import swiftclient
    connection = swiftclient.Connection(preauthurl=f"{url}/v1/AUTH_a", preauthtoken="x", retries=1)
    return connection.get_object("orders", "7.pdf")


@exhibit("websockets (Python)", "websockets", "WebSocket")
async def websockets_connect(url):
    import websockets
    async with websockets.connect(url.replace("http:", "ws:")) as socket:
        return await socket.recv()


@exhibit("websocket-client", "websocket-client", "WebSocket")
def websocket_client(url):
    import websocket
    return websocket.create_connection(url.replace("http:", "ws:"))


@exhibit("pysolr", "pysolr", "Solr")
def pysolr_search(url):
    import pysolr
    return pysolr.Solr(f"{url}/solr/orders").search("*")


@exhibit("twilio (Python)", "twilio", "Twilio's API")
def twilio_message(url):
    import twilio.http.http_client
    import twilio.rest

    class Elsewhere(twilio.http.http_client.TwilioHttpClient):
        def request(self, method, target, *arguments, **options):
            return super().request(method, target.replace("https://api.twilio.com", url), *arguments, **options)

    client = twilio.rest.Client("AC7", "secret", http_client=Elsewhere())
    return client.messages.create(to="+1", from_="+2", body="Hello")


@exhibit("stripe (Python)", "stripe", "Stripe's API")
def stripe_charge(url):
    import stripe
    stripe.api_key, stripe.api_base, stripe.max_network_retries = "sk_test_7", url, 1
    return stripe.Charge.retrieve("ch_7")


@exhibit("jira (Python)", "jira", "Jira's API")
def jira_issue(url):
    import jira
    try:
        return jira.JIRA(url, token_auth="x", get_server_info=False, max_retries=0).issue("ORDERS-7")
    except jira.JIRAError as error:  # as text it shows all headers too
        return f"JIRAError: HTTP {error.status_code}; response text: {error.response.text}"


@exhibit("matrix-nio", "matrix-nio", "Matrix")
async def nio_login(url):
    import nio
    client = nio.AsyncClient(url, "@a:example.com", config=nio.AsyncClientConfig(max_timeouts=1))
    try:
        return await client.login("secret")
    finally:
        await client.close()


@exhibit("Mastodon.py", "Mastodon.py", "Mastodon's API")
def mastodon_timeline(url):
    import mastodon
    return mastodon.Mastodon(access_token="x", api_base_url=url, version_check_mode="none").timeline_public()


@exhibit("openstacksdk", "openstacksdk", "OpenStack")
def openstack_project(url):
    import openstack
    auth = {"auth_url": f"{url}/v3", "username": "ann", "password": "x", "project_name": "shop",
            "user_domain_id": "default", "project_domain_id": "default"}
    return openstack.connection.Connection(auth=auth, region_name="one").authorize()


@exhibit("acme (certbot's library)", "acme", "ACME")
def acme_directory(url):
    import acme.client
    import josepy
    from cryptography.hazmat.primitives.asymmetric import rsa
    key = josepy.JWKRSA(key=rsa.generate_private_key(65537, 2048))
    return acme.client.ClientV2.get_directory(f"{url}/directory", acme.client.ClientNetwork(key))


@exhibit("OWSLib", "OWSLib", "WMS")
def owslib_wms(url):
    from owslib.wms import WebMapService
    return WebMapService(f"{url}/wms", version="1.3.0")


@exhibit("mwclient", "mwclient", "MediaWiki's API")
def mwclient_site(url):
    import mwclient
    return mwclient.Site(url[len("http://"):], scheme="http", max_retries=1, retry_timeout=1)


def sent_elsewhere(url):
    """What requests' sessions ask for by HTTPS goes to `url`, for clients with a fixed address."""
    import unittest.mock

    import requests
    send = requests.adapters.HTTPAdapter.send

    def send_elsewhere(self, request, **options):
        request.url = re.sub("^https://[^/]+", url, request.url)
        return send(self, request, **options)

    return unittest.mock.patch.object(requests.adapters.HTTPAdapter, "send", send_elsewhere)


@exhibit("python-telegram-bot", "python-telegram-bot", "Telegram's API")
def telegram_me(url):
    import telegram
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return telegram.Bot("123456:x", base_url=f"{url}/bot").get_me()


@exhibit("python-digitalocean", "python-digitalocean", "DigitalOcean's API")
def digitalocean_droplets(url):
    import digitalocean
    with sent_elsewhere(url):
        return digitalocean.Manager(token="x").get_all_droplets()


@exhibit("cloudflare (Python)", "cloudflare", "Cloudflare's API")
def cloudflare_zones(url):
    import CloudFlare
    return CloudFlare.CloudFlare(token="x", base_url=url).zones.get()


@exhibit("dropbox (Python)", "dropbox", "Dropbox' API")
def dropbox_list(url):
    import dropbox
    with sent_elsewhere(url):
        return dropbox.Dropbox("x", max_retries_on_error=0).files_list_folder("")


@exhibit("python-jenkins", "python-jenkins", "Jenkins' API")
def jenkins_info(url):
    import jenkins
    return jenkins.Jenkins(url).get_info()


@exhibit("proxmoxer", "proxmoxer", "Proxmox' API")
def proxmox_nodes(url):
    import proxmoxer
    with sent_elsewhere(url):
        return proxmoxer.ProxmoxAPI("shop", user="a@pam", token_name="t", token_value="x", verify_ssl=False).nodes.get()


@exhibit("keystoneauth1", "keystoneauth1", "OpenStack")
def keystone_token(url):
    from keystoneauth1 import session
    from keystoneauth1.identity import v3
    auth = v3.Password(auth_url=f"{url}/v3", username="ann", password="x", user_domain_id="default", unscoped=True)
    return session.Session(auth=auth).get_token()


@exhibit("python-novaclient", "python-novaclient", "OpenStack")
def nova_servers(url):
    from keystoneauth1 import session, token_endpoint
    from novaclient import client
    return client.Client("2.1", session=session.Session(auth=token_endpoint.Token(f"{url}/v2.1", "x"))).servers.list()


def openstack_session(url):
    from keystoneauth1 import session, token_endpoint
    return session.Session(auth=token_endpoint.Token(url, "x"))


@exhibit("python-barbicanclient", "python-barbicanclient", "OpenStack")
def barbican_secrets(url):
    from barbicanclient import client
    return client.Client(session=openstack_session(url), endpoint=url, project_id="shop").secrets.list()


@exhibit("python-cinderclient", "python-cinderclient", "OpenStack")
def cinder_volumes(url):
    from cinderclient import client
    return client.Client("3", session=openstack_session(url), endpoint_override=f"{url}/v3").volumes.list()


@exhibit("python-designateclient", "python-designateclient", "OpenStack")
def designate_zones(url):
    from designateclient.v2 import client
    return client.Client(session=openstack_session(url), endpoint_override=f"{url}/v2").zones.list()


@exhibit("python-glanceclient", "python-glanceclient", "OpenStack")
def glance_images(url):
    from glanceclient import Client
    return list(Client("2", session=openstack_session(url), endpoint_override=url).images.list())


@exhibit("python-heatclient", "python-heatclient", "OpenStack")
def heat_stacks(url):
    from heatclient import client
    return list(client.Client("1", endpoint=url, token="x").stacks.list())


@exhibit("gnocchiclient", "gnocchiclient", "OpenStack")
def gnocchi_metrics(url):
    from gnocchiclient import auth
    from gnocchiclient.v1 import client
    return client.Client(session_options={"auth": auth.GnocchiBasicPlugin("ann", url)}).metric.list()


@exhibit("aodhclient", "aodhclient", "OpenStack")
def aodh_alarms(url):
    from aodhclient.v2 import client
    return client.Client(session=openstack_session(url), endpoint_override=url).alarm.list()


@exhibit("python-troveclient", "python-troveclient", "OpenStack")
def trove_instances(url):
    from troveclient.v1 import client
    return client.Client(session=openstack_session(url), endpoint_override=url).instances.list()


@exhibit("python-octaviaclient", "python-octaviaclient", "OpenStack")
def octavia_balancers(url):
    from octaviaclient.api.v2 import octavia
    return octavia.OctaviaAPI(session=openstack_session(url), endpoint=url).load_balancer_list()


@exhibit("python-mistralclient", "python-mistralclient", "OpenStack")
def mistral_workflows(url):
    from mistralclient.api import client
    return client.client(mistral_url=f"{url}/v2", auth_token="x", project_id="shop", user_id="ann").workflows.list()


@exhibit("python-ironicclient", "python-ironicclient", "OpenStack")
def ironic_nodes(url):
    from ironicclient import client
    return client.get_client("1", endpoint=url, token="x", max_retries=0, os_ironic_api_version="1.9").node.list()


@exhibit("python-watcherclient", "python-watcherclient", "OpenStack")
def watcher_audits(url):
    from watcherclient.v1 import client
    session = openstack_session(url)
    return client.Client(session=session, endpoint_override=url, os_infra_optim_api_version="1.0").audit.list()


@exhibit("python-zunclient", "python-zunclient", "OpenStack")
def zun_containers(url):
    from zunclient import client
    return client.Client("1", auth_token="x", endpoint_override=url, session=openstack_session(url)).containers.list()


@exhibit("python-magnumclient", "python-magnumclient", "OpenStack")
def magnum_clusters(url):
    from magnumclient.v1 import client
    return client.Client(session=openstack_session(url), magnum_url=url).clusters.list()


@exhibit("python-saharaclient", "python-saharaclient", "OpenStack")
def sahara_clusters(url):
    from saharaclient.api import client
    return client.Client(session=openstack_session(url), sahara_url=url).clusters.list()


@exhibit("python-blazarclient", "python-blazarclient", "OpenStack")
def blazar_leases(url):
    from blazarclient.v1 import client
    return client.Client(blazar_url=url, auth_token="x").lease.list()


@exhibit("python-muranoclient", "python-muranoclient", "OpenStack")
def murano_environments(url):
    from muranoclient.v1 import client
    return client.Client(endpoint=url, token="x").environments.list()


@exhibit("python-manilaclient", "python-manilaclient", "OpenStack")
def manila_shares(url):
    from manilaclient import client
    return client.Client("2", session=openstack_session(url), service_catalog_url=url).shares.list()


@exhibit("python-neutronclient", "python-neutronclient", "OpenStack")
def neutron_networks(url):
    from neutronclient.v2_0 import client
    return client.Client(session=openstack_session(url), endpoint_override=url).list_networks()


@exhibit("SPARQLWrapper", "SPARQLWrapper", "SPARQL")
def sparql_query(url):
    from SPARQLWrapper import JSON, SPARQLWrapper
    endpoint = SPARQLWrapper(f"{url}/sparql", returnFormat=JSON)
    endpoint.setQuery("SELECT * WHERE { ?s ?p ?o }")
    return endpoint.query().convert()


@exhibit("exchangelib", "exchangelib", "Exchange Web Services")
def exchange_messages(url):
    from exchangelib import DELEGATE, Account, Build, Configuration, Credentials, FailFast, Version
    configuration = Configuration(service_endpoint=f"{url}/EWS/Exchange.asmx", credentials=Credentials("ann", "x"), auth_type="basic",
                                  version=Version(build=Build(15, 1)), retry_policy=FailFast())
    account = Account("ann@example.com", config=configuration, autodiscover=False, access_type=DELEGATE)
    return list(account.inbox.all()[:1])


@exhibit("google-api-python-client", "google-api-python-client", "Google's APIs")
def google_files(url):
    import httplib2
    from googleapiclient import discovery
    method = {"id": "shop.files.list", "path": "files", "httpMethod": "GET", "parameters": {}}
    document = {"name": "shop", "version": "v1", "rootUrl": f"{url}/", "servicePath": "", "baseUrl": f"{url}/", "batchPath": "batch",
                "resources": {"files": {"methods": {"list": method}}}}
    return discovery.build_from_document(document, http=httplib2.Http()).files().list().execute()


@exhibit("python-bugzilla", "python-bugzilla", "Bugzilla's API, REST")
def bugzilla_rest(url):
    import bugzilla
    return bugzilla.Bugzilla(url, force_rest=True)


@exhibit("python-bugzilla", "python-bugzilla", "Bugzilla's API, XML-RPC")
def bugzilla_xml_rpc(url):
    import bugzilla
    return bugzilla.Bugzilla(f"{url}/xmlrpc.cgi", force_xmlrpc=True)


@exhibit("b2sdk", "b2sdk", "Backblaze B2")
def b2_account(url):
    from b2sdk.v2 import B2Api, InMemoryAccountInfo
    return B2Api(InMemoryAccountInfo()).authorize_account(url, "a", "b")


@exhibit("transmissionrpc", "transmissionrpc", "Transmission")
def transmission_session(url):
    import transmissionrpc
    host, port = url[len("http://"):].split(":")
    return transmissionrpc.Client(host, port=int(port))


@exhibit("prometheus_client", "prometheus_client", "Prometheus' Pushgateway")
def prometheus_push(url):
    import prometheus_client
    return prometheus_client.push_to_gateway(url, job="orders", registry=prometheus_client.CollectorRegistry())


@exhibit("boto", "boto", "S3")
def boto_buckets(url):
    import boto
    from boto.s3.connection import OrdinaryCallingFormat, S3Connection
    boto.config.add_section("Boto")
    boto.config.set("Boto", "num_retries", "0")
    host, port = url[len("http://"):].split(":")
    return S3Connection("AKIDEXAMPLE", "x", host=host, port=int(port), is_secure=False,
                        calling_format=OrdinaryCallingFormat()).get_all_buckets()


@exhibit("censys", "censys", "Censys' API")
def censys_host(url):
    from censys.search import CensysHosts
    return CensysHosts(api_id="a", api_secret="b", url=url).view("192.0.2.7")


@exhibit("odoorpc", "OdooRPC", "JSON-RPC")
def odoo_login(url):
    import odoorpc
    host, port = url[len("http://"):].split(":")
    return odoorpc.ODOO(host, port=int(port)).login("shop", "ann", "x")


@exhibit("etcd3gw", "etcd3gw", "etcd, JSON")
def etcd3gw_get(url):
    import etcd3gw
    host, port = url[len("http://"):].split(":")
    return etcd3gw.client(host=host, port=int(port)).get("orders")


@exhibit("hcloud (Python)", "hcloud", "Hetzner's API")
def hcloud_servers(url):
    import hcloud
    return hcloud.Client("x", api_endpoint=f"{url}/v1").servers.get_all()


@exhibit("apache-libcloud", "apache-libcloud", "Linode's API")
def libcloud_linodes(url):
    from libcloud.compute.drivers.linode import LinodeNodeDriver
    host, port = url[len("http://"):].split(":")
    return LinodeNodeDriver("x", host=host, port=int(port), secure=False).list_nodes()


@exhibit("SoftLayer", "SoftLayer", "SoftLayer's API, REST")
def softlayer_account(url):
    import SoftLayer
    client = SoftLayer.create_client_from_env(username="a", api_key="b", endpoint_url=f"{url}/rest/v3.1/")
    return client.call("Account", "getObject")


@exhibit("SoftLayer", "SoftLayer", "SoftLayer's API, XML-RPC")
def softlayer_by_xml_rpc(url):
    import SoftLayer
    client = SoftLayer.create_client_from_env(username="a", api_key="b", endpoint_url=f"{url}/xmlrpc/v3.1/")
    return client.call("Account", "getObject")


@exhibit("shodan", "shodan", "Shodan's API")
def shodan_host(url):
    import shodan
    with sent_elsewhere(url):
        return shodan.Shodan("x").host("192.0.2.1")


@exhibit("tweepy", "tweepy", "Twitter's API")
def tweepy_user(url):
    import tweepy
    with sent_elsewhere(url):
        return tweepy.Client(bearer_token="x").get_user(username="ann")


@exhibit("praw", "praw", "Reddit's API")
def praw_posts(url):
    import praw
    with sent_elsewhere(url):
        reddit = praw.Reddit(client_id="a", client_secret="b", user_agent="shop 1.0", check_for_updates=False)
        return next(reddit.subreddit("orders").hot(limit=1))


@exhibit("pynetbox", "pynetbox", "NetBox' API")
def netbox_device(url):
    import pynetbox
    return pynetbox.api(url, token="x").dcim.devices.get(7)


@exhibit("pylxd", "pylxd", "LXD's API")
def lxd_instances(url):
    import pylxd
    return pylxd.Client(endpoint=url).instances.all()


@exhibit("msal", "msal", "OpenID Connect, discovery")
def msal_token(url):
    import msal
    with sent_elsewhere(url):
        return msal.ConfidentialClientApplication("a", authority="https://login.microsoftonline.com/shop", client_credential="x")


@exhibit("ibm-cloud-sdk-core", "ibm-cloud-sdk-core", "IBM Cloud's API")
def ibm_send(url):
    from ibm_cloud_sdk_core import BaseService
    from ibm_cloud_sdk_core.authenticators import NoAuthAuthenticator
    service = BaseService(service_url=url, authenticator=NoAuthAuthenticator())
    return service.send(service.prepare_request("GET", "/v1/orders"))


@exhibit("mailmanclient", "mailmanclient", "Mailman's API")
def mailman_lists(url):
    import mailmanclient
    return mailmanclient.Client(f"{url}/3.1", "a", "b").lists


@exhibit("sparkpost", "sparkpost", "SparkPost's API")
def sparkpost_list(url):
    import sparkpost
    with sent_elsewhere(url):
        return sparkpost.SparkPost("x").transmissions.list()


@exhibit("discogs-client", "python3-discogs-client", "Discogs' API")
def discogs_title(url):
    import discogs_client
    with sent_elsewhere(url):
        return discogs_client.Client("shop/1.0", user_token="x").release(7).title


@exhibit("pylast", "pylast", "Last.fm's API")
def pylast_artist(url):
    import http.client
    import pylast
    pylast.HTTPSConnection = lambda **_: http.client.HTTPConnection(url.removeprefix("http://"))
    return pylast.LastFMNetwork(api_key="x", api_secret="x").get_artist("Falco").get_bio_summary()


@exhibit("selenium (Python)", "selenium", "WebDriver")
def selenium_session(url):
    from selenium import webdriver
    return webdriver.Remote(f"{url}/wd/hub", options=webdriver.ChromeOptions())


@exhibit("treq", "treq", "REST")
def treq_get(url):
    import treq
    from twisted.internet import defer, reactor
    seen = []

    @defer.inlineCallbacks
    def ask():
        answer = yield treq.get(f"{url}/v1/orders")
        text = yield treq.text_content(answer)
        seen.append(f"{answer.code} {answer.phrase.decode()}; content: {text}")

    ask().addBoth(lambda result: (seen.append(str(result)), reactor.stop()))
    reactor.run()
    return seen[0]
