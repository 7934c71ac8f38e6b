# Clients in Perl, and what each shows its user: see tests/support/museum_program.py.
use strict;
use warnings;

my @urls = split / /, $ENV{CLIENT_URLS};

# exhibit(CLIENT, MODULE, SPEAKS, sub { my $url = shift; ...; what the user sees }); what it dies of is seen too.
sub exhibit {
    my ($client, $module, $speaks, $call) = @_;
    my $url = shift @urls;
    (my $file = "$module.pm") =~ s{::}{/}g;
    require $file;
    my $version = $module->VERSION // qx(dpkg-query -W -f='\${Version}' libfrontier-rpc-perl);
    my $sees = eval { $call->($url) };
    $sees = "dies: " . (ref $@ && $@->can('message') ? $@->message : $@) unless defined $sees;
    $sees =~ s/ at \S+ line \d+\.?//g;
    $sees =~ s/\s+/ /g;
    print join("\t", 'exhibit', $url, $client, $version, $speaks, $sees), "\n";
}

exhibit('LWP::UserAgent', 'LWP::UserAgent', 'REST', sub {
    my $response = LWP::UserAgent->new->get("$_[0]/v1/orders");
    $response->status_line . '; content: ' . $response->decoded_content;
});
exhibit('LWP::Simple', 'LWP::Simple', 'REST', sub {
    my $status = LWP::Simple::getprint("$_[0]/v1/orders");
    "the status alone: $status";
});
exhibit('LWP::UserAgent::Determined', 'LWP::UserAgent::Determined', 'REST', sub {
    my $agent = LWP::UserAgent::Determined->new;
    $agent->timing('1');
    $agent->get("$_[0]/v1/orders")->status_line;
});
exhibit('HTTP::Tiny', 'HTTP::Tiny', 'REST', sub {
    my $response = HTTP::Tiny->new->get("$_[0]/v1/orders");
    "$response->{status} $response->{reason}; content: $response->{content}";
});
exhibit('WWW::Mechanize', 'WWW::Mechanize', 'page', sub {
    WWW::Mechanize->new->get("$_[0]/orders");
    'no error';
});
exhibit('REST::Client', 'REST::Client', 'REST', sub {
    my $client = REST::Client->new(host => $_[0]);
    $client->GET('/v1/orders', { Accept => 'application/json' });
    $client->responseCode . '; content: ' . $client->responseContent;
});
exhibit('Mojo::UserAgent', 'Mojolicious', 'REST', sub {
    require Mojo::UserAgent;
    my $transaction = Mojo::UserAgent->new->get("$_[0]/v1/orders" => { Accept => 'application/json' });
    $transaction->result->message . '; json->{detail}: ' . $transaction->result->json->{detail};
});
exhibit('Furl', 'Furl', 'REST', sub {
    my $response = Furl->new->get("$_[0]/v1/orders");
    $response->status_line . '; content: ' . $response->content;
});
exhibit('WWW::Curl', 'WWW::Curl', 'REST', sub {
    require WWW::Curl::Easy;
    my ($curl, $content) = (WWW::Curl::Easy->new, '');
    $curl->setopt(WWW::Curl::Easy::CURLOPT_URL(), "$_[0]/v1/orders");
    $curl->setopt(WWW::Curl::Easy::CURLOPT_WRITEDATA(), \$content);
    my $code = $curl->perform;
    "error $code; content: $content";
});
exhibit('JIRA::REST', 'JIRA::REST', "Jira's API", sub {
    require JIRA::REST;
    JIRA::REST->new({ url => $_[0], username => 'ann', password => 'x' })->GET('/issue/ORDERS-7');
});
exhibit('SOAP::Lite', 'SOAP::Lite', 'SOAP 1.1', sub {
    my $reply = SOAP::Lite->proxy("$_[0]/soap")->uri('urn:example:orders')->call(GetOrder => 7);
    'fault: ' . $reply->faultcode . ', ' . $reply->faultstring;
});
exhibit('SOAP::Lite', 'SOAP::Lite', 'SOAP 1.2', sub {
    my $soap = SOAP::Lite->proxy("$_[0]/soap")->uri('urn:example:orders')->soapversion('1.2');
    my $reply = $soap->call(GetOrder => 7);
    ref $reply ? 'fault: ' . ($reply->faultstring // 'none') : $soap->transport->status;
});
exhibit('XMLRPC::Lite', 'SOAP::Lite', 'XML-RPC', sub {
    require XMLRPC::Lite;
    my $reply = XMLRPC::Lite->new->proxy("$_[0]/RPC2")->call('orders.get', 7);
    'fault: ' . $reply->faultcode . ', ' . $reply->faultstring;
});
exhibit('RPC::XML::Client', 'RPC::XML', 'XML-RPC', sub {
    require RPC::XML::Client;
    my $reply = RPC::XML::Client->new("$_[0]/RPC2")->send_request('orders.get', 7);
    ref $reply ? 'fault: ' . $reply->code . ', ' . $reply->string : $reply;
});
exhibit('Frontier::Client', 'Frontier::Client', 'XML-RPC', sub {
    Frontier::Client->new(url => "$_[0]/RPC2")->call('orders.get', 7);
});
exhibit('HTTP::DAV', 'HTTP::DAV', 'WebDAV', sub {
    my $dav = HTTP::DAV->new;
    $dav->open(-url => "$_[0]/files/") ? 'opened' : $dav->message;
});
exhibit('XML::Feed', 'XML::Feed', 'feeds', sub {
    require URI;
    XML::Feed->parse(URI->new("$_[0]/feed.xml")) ? 'a feed' : XML::Feed->errstr;
});
