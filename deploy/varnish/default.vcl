vcl 4.1;

# The gateway answers while the service does not: Varnish asks the service once a second whether it is well.
import directors;

probe well {
  .url = "/health";
  .interval = 1s;
  .timeout = 1s;
  .window = 3;
  .threshold = 2;
  .initial = 1;
}

backend orders { .host = "127.0.0.1"; .port = "9000"; .probe = well; }

# Without a probe: a 503 from the gateway is its normal answer, not a failure. Two gateways need one, of their health path.
#second probe gateway { .url = "/.well-known/intermission/health"; .interval = 1s; .window = 1; .threshold = 1; .initial = 1; }
backend intermission {
  .host = "127.0.0.1"; .port = "8080";
  #second .probe = gateway;
}
#second backend intermission2 { .host = "127.0.0.1"; .port = "8081"; .probe = gateway; }

sub vcl_init {
  new orders_or_gateway = directors.fallback();
  orders_or_gateway.add_backend(orders);
  orders_or_gateway.add_backend(intermission);
  #second orders_or_gateway.add_backend(intermission2);
}

sub vcl_recv {
  # The gate is for proxies that ask it. It tells clients nothing, however they encode its path.
  if (req.url ~ "^/(\.well-known/intermission/gate|\.[^?]*%|%2[eE])") { return (synth(404)); }

  # The gateway believes Varnish (trusted_proxies). Fields that it or the service could take for Varnish's word
  # are written or removed: a client could send them too.
  set req.http.X-Forwarded-For = client.ip;
  unset req.http.X-Forwarded-Host;
  unset req.http.X-Forwarded-Proto;
  unset req.http.X-Forwarded-Port;
  unset req.http.X-Forwarded-Scheme;
  unset req.http.X-Forwarded-Ssl;
  unset req.http.X-Forwarded-Method;
  unset req.http.X-Forwarded-Uri;
  unset req.http.X-Forwarded-Prefix;
  unset req.http.Forwarded;
  unset req.http.X-Original-Method;
  unset req.http.X-Original-URL;
  unset req.http.X-Original-URI;
  unset req.http.X-Original-Host;
  unset req.http.X-Rewrite-URL;
  unset req.http.X-CF-Forwarded-Url;
  unset req.http.X-Code;
  unset req.http.X-Format;
  unset req.http.X-Namespace;
  unset req.http.X-Service-Name;
  unset req.http.X-Service-Port;

  set req.backend_hint = orders_or_gateway.backend();
  # Where you cache, keep your own rules here for the service. What the gateway says is never kept.
  return (pass);
}

# What an answer of the gateway needs, if you cache.
sub vcl_backend_response {
  if (beresp.http.X-Maintenance) {
    set beresp.uncacheable = true;
    return (deliver);
  }
}
