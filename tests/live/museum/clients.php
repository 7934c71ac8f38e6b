<?php
// Clients in PHP, and what each shows its user: see tests/support/museum_program.py.

$urls = explode(' ', getenv('CLIENT_URLS'));
$warnings = [];
set_error_handler(function ($level, $text) use (&$warnings) { $warnings[] = $text; return true; }, E_WARNING);

// exhibit(CLIENT, VERSION, SPEAKS, function ($url) { return what the user sees; }); what it throws is seen too.
function exhibit($client, $version, $speaks, $call) {
    global $urls, $warnings;
    $url = array_shift($urls);
    $warnings = [];
    try {
        $sees = $call($url);
    } catch (Exception $error) {
        $sees = get_class($error) . ': ' . $error->getMessage();
    }
    if ($warnings) $sees = rtrim("warning: " . implode('; ', $warnings) . "; $sees", '; ');
    echo implode("\t", ['exhibit', $url, $client, $version, $speaks, preg_replace('/\s+/', ' ', $sees)]), "\n";
}

function composer_version($name) {
    foreach (glob('/usr/share/php/*/*/composer.json') as $file) {
        if (str_contains(file_get_contents($file), "\"$name\"")) return json_decode(file_get_contents($file))->version ?? null;
    }
    return null;
}

function debian_version($package) {
    return explode('-', trim(shell_exec("dpkg-query -W -f='\${Version}' $package")))[0];
}

exhibit('file_get_contents (PHP)', PHP_VERSION, 'REST', fn ($url) => var_export(file_get_contents("$url/v1/orders"), true));
exhibit('file_get_contents, ignore_errors (PHP)', PHP_VERSION, 'REST', fn ($url) =>
    file_get_contents("$url/v1/orders", false, stream_context_create(['http' => ['ignore_errors' => true]])));
exhibit('curl (PHP)', curl_version()['version'], 'REST', function ($url) {
    $curl = curl_init("$url/v1/orders");
    curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
    $body = curl_exec($curl);
    return curl_getinfo($curl, CURLINFO_HTTP_CODE) . "; body: $body";
});
exhibit('curl, failonerror (PHP)', curl_version()['version'], 'REST', function ($url) {
    $curl = curl_init("$url/v1/orders");
    curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_FAILONERROR => true]);
    curl_exec($curl);
    return curl_error($curl);
});

foreach ([[SOAP_1_1, 'SOAP 1.1'], [SOAP_1_2, 'SOAP 1.2']] as [$version, $speaks]) {
    exhibit('SoapClient (PHP)', PHP_VERSION, $speaks, function ($url) use ($version) {
        $client = new SoapClient(null, ['location' => "$url/soap", 'uri' => 'urn:example:orders', 'soap_version' => $version]);
        try {
            return $client->GetOrder(7);
        } catch (SoapFault $fault) {
            return "SoapFault $fault->faultcode: $fault->faultstring";
        }
    });
}
exhibit('SoapClient (PHP)', PHP_VERSION, 'SOAP, from ?wsdl', function ($url) {
    $client = new SoapClient("$url/soap?wsdl", ['cache_wsdl' => WSDL_CACHE_NONE]);
    try {
        return $client->GetOrder(['id' => '7']);
    } catch (SoapFault $fault) {
        $said = $fault->detail->ServiceUnavailable;
        return "SoapFault: $fault->faultstring; ServiceUnavailable, code $said->code: $said->message";
    }
});

exhibit('xmlrpc_decode (PHP)', phpversion('xmlrpc'), 'XML-RPC', function ($url) {
    $context = stream_context_create(['http' => ['method' => 'POST', 'header' => 'Content-Type: text/xml',
                                                 'content' => xmlrpc_encode_request('orders.get', [7])]]);
    $reply = xmlrpc_decode(file_get_contents("$url/RPC2", false, $context));
    return "fault $reply[faultCode]: $reply[faultString]";
});

require 'GuzzleHttp/autoload.php';
exhibit('Guzzle', debian_version('php-guzzlehttp-guzzle'), 'REST', fn ($url) =>
    (new GuzzleHttp\Client())->get("$url/v1/orders"));
exhibit('Guzzle, http_errors: false', debian_version('php-guzzlehttp-guzzle'), 'REST', function ($url) {
    $response = (new GuzzleHttp\Client(['http_errors' => false]))->get("$url/v1/orders", ['headers' => ['Accept' => 'application/json']]);
    return $response->getStatusCode() . ' ' . $response->getReasonPhrase() . '; body: ' . $response->getBody();
});
exhibit('Guzzle, retry middleware', debian_version('php-guzzlehttp-guzzle'), 'REST', function ($url) {
    $stack = GuzzleHttp\HandlerStack::create();
    $stack->push(GuzzleHttp\Middleware::retry(fn ($tries, $request, $response) => $tries < 1 && $response->getStatusCode() == 503));
    $client = new GuzzleHttp\Client(['handler' => $stack, 'http_errors' => false]);
    return $client->get("$url/v1/orders")->getStatusCode() . ', after one more try';
});

require 'Symfony/Component/HttpClient/autoload.php';
use Symfony\Component\HttpClient\HttpClient;
exhibit('Symfony HttpClient', debian_version('php-symfony-http-client'), 'REST', fn ($url) =>
    HttpClient::create()->request('GET', "$url/v1/orders")->toArray());
exhibit('Symfony HttpClient, native', debian_version('php-symfony-http-client'), 'REST', fn ($url) =>
    (new Symfony\Component\HttpClient\NativeHttpClient())->request('GET', "$url/v1/orders")->getContent());
exhibit('Symfony RetryableHttpClient', debian_version('php-symfony-http-client'), 'REST', fn ($url) =>
    (new Symfony\Component\HttpClient\RetryableHttpClient(HttpClient::create(), null, 1))
        ->request('GET', "$url/v1/orders")->getContent());
exhibit('DOMDocument (PHP)', PHP_VERSION, 'XML documents', fn ($url) =>
    var_export((new DOMDocument())->load("$url/orders.xml"), true));
