// What the dialect error_members says: one form for each member that some SDK reads its message
// in. Most stand beside the members of the problem. Others are alone, because the SDK prints
// the whole document, or takes a member of the problem for one of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/service.h"
#include "dialect/dialect.h"
#include "page/notice.h"

namespace intermission::dialect::error_members {

/// Places in render_forms()'s list. M is the message.
enum Form : std::uint8_t {
  // Beside the members of the problem:
  kTexts,   // {"errors":[M]}: Vault, Mailtrap; Pushover's takes a body without `errors` for success
  kItems,   // {"errors":[{"message":M,…}]}: Asana, Linode, Ghost, MessageBird, Directus, eBay;
            // Amazon's Selling Partner API, one of whose SDKs takes a body without `errors` for
            // success
  kCode,    // {"code":…,"message":M}: Notion, WordPress, Stream; DigitalOcean wants an `id`
  kPascal,  // {"ErrorCode":…,"Message":M}: Postmark
  kSummary,  // {"errorCode":…,"errorSummary":M}: Okta; Descope reads `errorDescription` and
             // `errorMessage`; vsce takes a body without `errorCode` for success
  kPlaid,    // {"error_code":…,"error_message":M}
  kText,     // {"error":M}: SoftLayer, Upstash, Trigger.dev, Qiniu, Tumblr; Shodan, which else
             // takes any body for success
  kObject,   // {"error":{"code":…,"message":M}}: Keystone, Microsoft Graph, Razorpay, EasyPost,
             // GoCardless, Recurly, Lokalise, Lob, Coinbase Commerce, Kuzzle, SAP CAP; Typeform's
             // reads `description` beside it; Paddle's reads `detail` there, and takes a body
             // without `error` for success
  kTwirp,    // {"code":"unavailable","msg":M}: Twirp, an error in JSON to calls in protobuf too
  kNoData,   // {"data":null,…}: Proxmox, whose clients look there before they look at the status
  kArango,   // {"error":true,…,"errorMessage":M}: ArangoDB
  kRaven,    // {"Type":…,"Message":M}: RavenDB
  kXrpc,     // {"error":…,"message":M}: AT Protocol
  kSplunk,   // {"text":M,"code":9}, "Server is busy": Splunk's HTTP Event Collector
  kRollbar,  // {"err":1,"message":M}: Rollbar's takes a body without `err` for success
  kNumbers,  // {"code":503,"error":M}: Amplitude, which drops its events without a code from 500 on
  kTitled,   // {"errors":[{"title":…,"detail":M}]}: Shopware
  kRelay,    // {"name":…,"description":M}: nostr-tools, which takes any body for a relay's
             // description
  kFlat,     // {"error":M,"error_message":M,"error_code":503}: Contentstack, Google Maps; one
             // client of Nominatim takes a body without `error` for a place
  kBinance,  // {"code":-1001,"msg":M}: Binance
  kMeta,     // {"meta":{"error":M}}: Customer.io
  kJira,     // {"errorMessages":[M]}: Jira
  kBlob,     // {"error":{"code":"bad_request","message":M}}: Vercel Blob, which shows its own
             // words for every other general code
  kOpenstack,  // {"error":{"message":M},"description":M,"faultstring":M,…} without Retry-After:
               // libraries on keystoneauth1, of which Gnocchi's, Aodh's and Trove's raise TypeError
               // for Retry-After
  kUploadcare,  // {"error":{"content":M,…}}: Uploadcare's takes a body without `error` for success
  // Nothing more than those:
  kProblem,  // for those that parse no JSON but application/json: Typesense, needle, libSQL
  kNoWait,   // without Retry-After: Zendesk's returns an error in place of throwing it where there
             // is one, and its caller takes that for what was asked for
  // With another status:
  kLoops,  // {"error":M}: Hugging Face's client repeats a 503 without a pause and for ever (622
           // requests in two seconds), whatever Retry-After says. At a 502, which blames the
           // server as well, it throws.

  // Alone:
  kPlain,        // the message as plain text: papi, under the clients of Consul and Jenkins;
                 // Flagsmith's shows "[object Object]" where it can parse what it gets; QStash's
                 // prints the whole body; Ruby's geocoder takes any JSON for a place
  kDetail,       // {"detail":M}: Sentry's command line prints the document where there is more
  kCloudflare,   // {"success":false,"errors":[{"code":…,"message":M}],…}
  kWebDriver,    // {"status":13,"value":{"error":…,"message":M,…}}: Selenium, which takes a
                 // `status` of 503 for an error of its protocol without a message
  kFailure,      // {"status":"failure","errorMessage":M}: iyzico, which returns any document
  kStatusError,  // {"status":"error","message":M}: Flutterwave, which returns any document
  kEbayXml,      // <…Response><Ack>Failure</Ack><Errors><ShortMessage>M: eBay's older interfaces
  kOpenstackError,  // {"error":{"message":M,"title":M,…}} without Retry-After: Zun's raises
                    // TypeError for that field, Magnum's reads `title`, or raises KeyError
  // Under 500, the only failure of the server that these know:
  kAlertmanager,  // "M": amtool
  kServerError,   // {"error":{"message":M}}: Cloudinary; ShipEngine, which takes a 503 for success,
                  // and says words of its own for 500
  // Under 200, because these show their own words, or nothing, for any other status:
  kGeneral,       // {"status":"GENERAL_ERROR","message":M}: SuperTokens
  kSnowflake,     // {"success":false,"code":…,"message":M}
  kAuthorizeNet,  // {"messages":{"resultCode":"Error",…}}: Authorize.Net's never calls back
  kAlipay,        // {"…_response":{"code":"20000",…,"sub_msg":M}}
  kLastFm,        // <lfm status="failed"><error code="11">M</error></lfm>, "Service Offline"
};

std::vector<Representation> render_forms(const page::Notice& notice, const catalog::Service&);

/// The body of kEbayXml and kAlipay, which repeat the name of the call in that of their root.
/// `call` must be a name by is_call_name().
std::string ebay_xml(const page::Notice& notice, std::string_view call);
std::string alipay(const page::Notice& notice, std::string_view call);

/// "GetItem" or "alipay.trade.query": letters, digits, dots and underscores behind a letter, no
/// more than there are in any real name.
bool is_call_name(std::string_view call);

}  // namespace intermission::dialect::error_members
