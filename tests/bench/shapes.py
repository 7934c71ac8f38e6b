"""The requests that every server is asked with, as bytes, and what our program must answer to them."""

from dataclasses import dataclass

HOST = "orders.example.com"

# Chrome's navigation over HTTPS behind a router: some 900 bytes of headers.
CHROME = (
    ("Connection", "keep-alive"),
    ("Cache-Control", "max-age=0"),
    ("sec-ch-ua", '"Chromium";v="126", "Google Chrome";v="126", "Not-A.Brand";v="8"'),
    ("sec-ch-ua-mobile", "?0"),
    ("sec-ch-ua-platform", '"Linux"'),
    ("Upgrade-Insecure-Requests", "1"),
    ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                   "Chrome/126.0.0.0 Safari/537.36"),
    ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
               "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"),
    ("Sec-Fetch-Site", "none"),
    ("Sec-Fetch-Mode", "navigate"),
    ("Sec-Fetch-User", "?1"),
    ("Sec-Fetch-Dest", "document"),
    ("Accept-Encoding", "gzip, deflate, br, zstd"),
    ("Accept-Language", "en-US,en;q=0.9,de;q=0.8"),
    ("Referer", "https://orders.example.com/account?tab=history"),
    ("Cookie", "session=9d3f2c6a1b8e4f70a5c2; theme=dark; consent=granted; _visitor=1.2.1467023.1718000000"),
    ("Priority", "u=0, i"),
)
CURL = (("User-Agent", "curl/7.88.1"), ("Accept", "*/*"))

SOAP_BODY = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns:ord="http://example.com/orders"><soapenv:Header/><soapenv:Body><ord:getOrder>'
    "<ord:id>4711</ord:id></ord:getOrder></soapenv:Body></soapenv:Envelope>"
).encode()


def request(fields, *, method="GET", target="/orders/4711", host=HOST, body=b""):
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in fields)]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass(frozen=True)
class Shape:
    """A kind of client: what it sends, and what proves that it was understood."""
    name: str
    bytes: bytes
    proof: tuple  # all of these stand in the head of our answer


SHAPES = {shape.name: shape for shape in (
    Shape("chrome", request(CHROME), ("503 ", "Content-Type: text/html", "Content-Encoding: br")),
    Shape("curl", request(CURL), ("503 ", "Content-Type: application/problem+json")),
    Shape("curl, closing", request((*CURL, ("Connection", "close"))),
          ("503 ", "Content-Type: application/problem+json", "Connection: close")),
    Shape("soap", request((("User-Agent", "Apache-HttpClient/4.5.14 (Java/17.0.9)"),
                           ("Accept-Encoding", "gzip,deflate"),
                           ("Content-Type", "text/xml; charset=UTF-8"), ("Connection", "Keep-Alive")),
                          method="POST", body=SOAP_BODY),
          ("500 ", "Content-Type: text/xml")),
    Shape("legacy", request((("User-Agent", "LegacyShop/3.1"), ("X-Client", "legacy-7"), ("Accept", "*/*"))),
          ("200 ", "StatusHeader: Status: maintenance window")),
    Shape("16 pipelined", request(CURL) * 16, ("503 ", "Content-Type: application/problem+json")),
)}
