#include "contract/error_words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "base/text.h"
#include "contract/fault_words.h"

namespace intermission::contract {
namespace {

enum class Sense : std::uint8_t {
  kUnknown,      // it may mean anything
  kPlain,        // it says nothing by itself
  kService,      // names what is down, and says nothing by itself
  kError,        // something went wrong
  kUnspecific,   // an error of no kind in particular
  kOwnFault,     // of the service's own
  kTimeout,      // of the service or what stands behind it
  kTemporary,    // for now
  kUnavailable,  // for now, and that is what is wrong
  kBlame,        // the client's, or its account's, token's or input's
  kWell,         // nothing went wrong
};

struct Word {
  std::string_view text;
  Sense sense;
};

// Whole words.
constexpr std::array kWords = {
    Word{"a", Sense::kPlain},
    Word{"ack", Sense::kWell},
    Word{"again", Sense::kTemporary},
    Word{"all", Sense::kPlain},
    Word{"an", Sense::kPlain},
    Word{"and", Sense::kPlain},
    Word{"any", Sense::kPlain},
    Word{"api", Sense::kService},
    Word{"app", Sense::kService},
    Word{"application", Sense::kService},
    Word{"approved", Sense::kWell},
    Word{"are", Sense::kPlain},
    Word{"at", Sense::kPlain},
    Word{"back", Sense::kPlain},
    Word{"backend", Sense::kOwnFault},
    Word{"bad", Sense::kBlame},
    Word{"be", Sense::kPlain},
    Word{"because", Sense::kPlain},
    Word{"been", Sense::kPlain},
    Word{"busy", Sense::kTemporary},
    Word{"by", Sense::kPlain},
    Word{"can", Sense::kPlain},
    Word{"card", Sense::kBlame},
    Word{"code", Sense::kPlain},
    Word{"common", Sense::kUnspecific},
    Word{"connection", Sense::kService},
    Word{"could", Sense::kPlain},
    Word{"critical", Sense::kOwnFault},
    Word{"currently", Sense::kPlain},
    Word{"default", Sense::kUnspecific},
    Word{"dependency", Sense::kOwnFault},
    Word{"down", Sense::kUnavailable},
    Word{"due", Sense::kPlain},
    Word{"duration", Sense::kPlain},
    Word{"err", Sense::kError},
    Word{"error", Sense::kError},
    Word{"errors", Sense::kError},
    Word{"exception", Sense::kError},
    Word{"exceptions", Sense::kError},
    Word{"fatal", Sense::kOwnFault},
    Word{"fault", Sense::kError},
    Word{"faults", Sense::kError},
    Word{"few", Sense::kPlain},
    Word{"for", Sense::kPlain},
    Word{"from", Sense::kPlain},
    Word{"gateway", Sense::kService},
    Word{"general", Sense::kUnspecific},
    Word{"generic", Sense::kUnspecific},
    Word{"global", Sense::kUnspecific},
    Word{"gone", Sense::kBlame},
    Word{"has", Sense::kPlain},
    Word{"have", Sense::kPlain},
    Word{"host", Sense::kService},
    Word{"http", Sense::kPlain},
    Word{"in", Sense::kPlain},
    Word{"internal", Sense::kOwnFault},
    Word{"is", Sense::kPlain},
    Word{"issue", Sense::kError},
    Word{"it", Sense::kPlain},
    Word{"items", Sense::kBlame},
    Word{"key", Sense::kBlame},
    Word{"later", Sense::kTemporary},
    Word{"limit", Sense::kBlame},
    Word{"maint", Sense::kUnavailable},
    Word{"message", Sense::kPlain},
    Word{"minutes", Sense::kPlain},
    Word{"misc", Sense::kError},
    Word{"moment", Sense::kPlain},
    Word{"msg", Sense::kPlain},
    Word{"must", Sense::kBlame},
    Word{"network", Sense::kOwnFault},
    Word{"no", Sense::kBlame},
    Word{"not", Sense::kBlame},
    Word{"occured", Sense::kPlain},
    Word{"occurred", Sense::kPlain},
    Word{"of", Sense::kPlain},
    Word{"offline", Sense::kUnavailable},
    Word{"ok", Sense::kWell},
    Word{"okay", Sense::kWell},
    Word{"on", Sense::kPlain},
    Word{"only", Sense::kBlame},
    Word{"operation", Sense::kPlain},
    Word{"other", Sense::kError},
    Word{"our", Sense::kPlain},
    Word{"outage", Sense::kUnavailable},
    Word{"own", Sense::kPlain},
    Word{"pending", Sense::kWell},
    Word{"planned", Sense::kPlain},
    Word{"platform", Sense::kService},
    Word{"please", Sense::kPlain},
    Word{"problem", Sense::kError},
    Word{"process", Sense::kPlain},
    Word{"processing", Sense::kPlain},
    Word{"proxy", Sense::kService},
    Word{"ready", Sense::kWell},
    Word{"remote", Sense::kOwnFault},
    Word{"reported", Sense::kPlain},
    Word{"request", Sense::kPlain},
    Word{"requests", Sense::kPlain},
    Word{"response", Sense::kPlain},
    Word{"rest", Sense::kPlain},
    Word{"result", Sense::kPlain},
    Word{"runtime", Sense::kOwnFault},
    Word{"scheduled", Sense::kPlain},
    Word{"seconds", Sense::kPlain},
    Word{"server", Sense::kOwnFault},
    Word{"servers", Sense::kOwnFault},
    Word{"service", Sense::kService},
    Word{"services", Sense::kService},
    Word{"shortly", Sense::kTemporary},
    Word{"site", Sense::kService},
    Word{"some", Sense::kPlain},
    Word{"mode", Sense::kPlain},
    Word{"retries", Sense::kTemporary},
    Word{"retriable", Sense::kTemporary},
    Word{"something", Sense::kPlain},
    Word{"soon", Sense::kTemporary},
    Word{"standard", Sense::kUnspecific},
    Word{"status", Sense::kPlain},
    Word{"system", Sense::kOwnFault},
    Word{"systems", Sense::kOwnFault},
    Word{"technical", Sense::kOwnFault},
    Word{"the", Sense::kPlain},
    Word{"there", Sense::kPlain},
    Word{"this", Sense::kPlain},
    Word{"time", Sense::kPlain},
    Word{"timed", Sense::kTimeout},
    Word{"timeout", Sense::kTimeout},
    Word{"timeouts", Sense::kTimeout},
    Word{"to", Sense::kPlain},
    Word{"too", Sense::kBlame},
    Word{"transient", Sense::kTemporary},
    Word{"trouble", Sense::kError},
    Word{"try", Sense::kPlain},
    Word{"type", Sense::kBlame},
    Word{"unable", Sense::kPlain},
    Word{"undefined", Sense::kUnspecific},
    Word{"under", Sense::kPlain},
    Word{"unknown", Sense::kUnspecific},
    Word{"unspecified", Sense::kUnspecific},
    Word{"up", Sense::kPlain},
    Word{"upstream", Sense::kOwnFault},
    Word{"valid", Sense::kWell},
    Word{"was", Sense::kPlain},
    Word{"we", Sense::kPlain},
    Word{"web", Sense::kPlain},
    Word{"website", Sense::kService},
    Word{"went", Sense::kPlain},
    Word{"while", Sense::kPlain},
    Word{"will", Sense::kPlain},
    Word{"with", Sense::kPlain},
    Word{"wrong", Sense::kError},
    Word{"you", Sense::kPlain},
    Word{"your", Sense::kPlain},
};

// By how a word begins, where it is none of the others.
constexpr std::array kStems = {
    Word{"accept", Sense::kWell},
    Word{"access", Sense::kBlame},
    Word{"account", Sense::kBlame},
    Word{"active", Sense::kWell},
    Word{"already", Sense::kBlame},
    Word{"archiv", Sense::kBlame},
    Word{"argument", Sense::kBlame},
    Word{"auth", Sense::kBlame},
    Word{"balance", Sense::kBlame},
    Word{"billing", Sense::kBlame},
    Word{"block", Sense::kBlame},
    Word{"body", Sense::kBlame},
    Word{"cancel", Sense::kBlame},
    Word{"captcha", Sense::kBlame},
    Word{"certificate", Sense::kBlame},
    Word{"client", Sense::kBlame},
    Word{"complete", Sense::kWell},
    Word{"conflict", Sense::kBlame},
    Word{"consent", Sense::kBlame},
    Word{"constraint", Sense::kBlame},
    Word{"content", Sense::kBlame},
    Word{"corrupt", Sense::kBlame},
    Word{"crash", Sense::kOwnFault},
    Word{"creat", Sense::kWell},
    Word{"credential", Sense::kBlame},
    Word{"credit", Sense::kBlame},
    Word{"customer", Sense::kBlame},
    Word{"declin", Sense::kBlame},
    Word{"delet", Sense::kBlame},
    Word{"denied", Sense::kBlame},
    Word{"deny", Sense::kBlame},
    Word{"deprecat", Sense::kBlame},
    Word{"device", Sense::kBlame},
    Word{"disabl", Sense::kBlame},
    Word{"downtime", Sense::kUnavailable},
    Word{"duplicat", Sense::kBlame},
    Word{"eligib", Sense::kBlame},
    Word{"email", Sense::kBlame},
    Word{"empty", Sense::kBlame},
    Word{"enabled", Sense::kWell},
    Word{"entity", Sense::kBlame},
    Word{"exceed", Sense::kBlame},
    Word{"exist", Sense::kBlame},
    Word{"expir", Sense::kBlame},
    Word{"fail", Sense::kError},
    Word{"feature", Sense::kBlame},
    Word{"field", Sense::kBlame},
    Word{"file", Sense::kBlame},
    Word{"filter", Sense::kBlame},
    Word{"finished", Sense::kWell},
    Word{"forbidden", Sense::kBlame},
    Word{"format", Sense::kBlame},
    Word{"found", Sense::kBlame},
    Word{"fraud", Sense::kBlame},
    Word{"header", Sense::kBlame},
    Word{"idempot", Sense::kBlame},
    Word{"illegal", Sense::kBlame},
    Word{"inactive", Sense::kBlame},
    Word{"incomplete", Sense::kBlame},
    Word{"incorrect", Sense::kBlame},
    Word{"infrastructure", Sense::kOwnFault},
    Word{"input", Sense::kBlame},
    Word{"insufficient", Sense::kBlame},
    Word{"invalid", Sense::kBlame},
    Word{"item", Sense::kBlame},
    Word{"json", Sense::kBlame},
    Word{"license", Sense::kBlame},
    Word{"lock", Sense::kBlame},
    Word{"login", Sense::kBlame},
    Word{"maintenance", Sense::kUnavailable},
    Word{"malform", Sense::kBlame},
    Word{"max", Sense::kBlame},
    Word{"method", Sense::kBlame},
    Word{"mismatch", Sense::kBlame},
    Word{"missing", Sense::kBlame},
    Word{"overload", Sense::kTimeout},
    Word{"owner", Sense::kBlame},
    Word{"paid", Sense::kWell},
    Word{"param", Sense::kBlame},
    Word{"password", Sense::kBlame},
    Word{"path", Sense::kBlame},
    Word{"payment", Sense::kBlame},
    Word{"permi", Sense::kBlame},
    Word{"policy", Sense::kBlame},
    Word{"precondition", Sense::kBlame},
    Word{"privilege", Sense::kBlame},
    Word{"prohibit", Sense::kBlame},
    Word{"quota", Sense::kBlame},
    Word{"range", Sense::kBlame},
    Word{"rate", Sense::kBlame},
    Word{"record", Sense::kBlame},
    Word{"reject", Sense::kBlame},
    Word{"require", Sense::kBlame},
    Word{"resource", Sense::kBlame},
    Word{"restrict", Sense::kBlame},
    Word{"retry", Sense::kTemporary},
    Word{"revok", Sense::kBlame},
    Word{"role", Sense::kBlame},
    Word{"schema", Sense::kBlame},
    Word{"scope", Sense::kBlame},
    Word{"secret", Sense::kBlame},
    Word{"security", Sense::kBlame},
    Word{"sender", Sense::kBlame},
    Word{"session", Sense::kBlame},
    Word{"signature", Sense::kBlame},
    Word{"subscri", Sense::kBlame},
    Word{"success", Sense::kWell},
    Word{"suspend", Sense::kBlame},
    Word{"syntax", Sense::kBlame},
    Word{"temporar", Sense::kTemporary},
    Word{"tenant", Sense::kBlame},
    Word{"throttl", Sense::kBlame},
    Word{"token", Sense::kBlame},
    Word{"trial", Sense::kBlame},
    Word{"unacceptable", Sense::kBlame},
    Word{"unauth", Sense::kBlame},
    Word{"unavail", Sense::kUnavailable},
    Word{"unexpected", Sense::kUnspecific},
    Word{"unhandled", Sense::kUnspecific},
    Word{"uncaught", Sense::kUnspecific},
    Word{"unprocess", Sense::kBlame},
    Word{"unreach", Sense::kUnavailable},
    Word{"unrecogni", Sense::kBlame},
    Word{"unsuccess", Sense::kError},
    Word{"unsupport", Sense::kBlame},
    Word{"url", Sense::kBlame},
    Word{"user", Sense::kBlame},
    Word{"valid", Sense::kBlame},
    Word{"value", Sense::kBlame},
    Word{"verif", Sense::kBlame},
    Word{"version", Sense::kBlame},
    Word{"violat", Sense::kBlame},
};

Sense sense_of_whole(std::string_view word) {
  for (const Word& known : kWords) {
    if (known.text == word) return known.sense;
  }
  return Sense::kUnknown;
}

Sense sense_of(std::string_view word) {
  if (const Sense sense = sense_of_whole(word); sense != Sense::kUnknown) return sense;
  for (const Word& stem : kStems) {
    if (word.starts_with(stem.text)) return stem.sense;
  }
  return Sense::kUnknown;
}

bool is_known(std::string_view word) {
  return sense_of(word) != Sense::kUnknown;
}

// "internalservererror" is written without any border. Cut into known words, the first as long as
// can be; the word itself where it cannot be cut.
bool cut_glued(std::string_view word, std::vector<std::string>& out) {
  if (word.empty()) return true;
  constexpr std::size_t kShortest = 2;
  for (std::size_t size = word.size(); size >= kShortest; --size) {
    const std::string_view first = word.substr(0, size);
    // What begins with a stem is known to its end.
    const bool is_word =
        sense_of_whole(first) != Sense::kUnknown || (size == word.size() && is_known(first));
    if (!is_word) continue;
    out.emplace_back(first);
    if (cut_glued(word.substr(size), out)) return true;
    out.pop_back();
  }
  return false;
}

std::vector<std::string> known_words_of(std::string_view text) {
  constexpr std::size_t kLongestGlued = 40;
  std::vector<std::string> words;
  for (std::string& word : words_of(text)) {
    std::vector<std::string> pieces;
    if (!is_known(word) && word.size() <= kLongestGlued && cut_glued(word, pieces)) {
      words.insert(words.end(), pieces.begin(), pieces.end());
    } else {
      words.push_back(std::move(word));
    }
  }
  return words;
}

// "not available", "not responding": what is denied is that all is well.
bool denies_service(std::string_view word) {
  constexpr std::array<std::string_view, 8> kStates = {"available", "reachable",   "responding",
                                                       "ready",     "operational", "working",
                                                       "online",    "accessible"};
  return std::find(kStates.begin(), kStates.end(), word) != kStates.end();
}

struct Heard {
  bool of(Sense sense) const { return (bits >> static_cast<unsigned>(sense) & 1U) != 0; }
  void add(Sense sense) { bits |= 1U << static_cast<unsigned>(sense); }
  unsigned bits = 0;
};

Heard hear(const std::vector<std::string>& words) {
  Heard heard;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool is_denial = words[i] == "not";
    if (is_denial && i + 1 < words.size() && denies_service(words[i + 1])) {
      heard.add(Sense::kUnavailable);
      ++i;
    } else if (is_denial && i > 0 && (words[i - 1] == "could" || words[i - 1] == "can")) {
      heard.add(Sense::kError);
    } else if (words[i] == "time" && i + 1 < words.size() && words[i + 1] == "out") {
      heard.add(Sense::kTimeout);
      ++i;
    } else {
      heard.add(sense_of(words[i]));
    }
  }
  return heard;
}

int fitness_of(const Heard& heard) {
  constexpr int kWell = -9;
  if (heard.of(Sense::kBlame)) return kBlamesClient;
  if (heard.of(Sense::kWell)) return kWell;
  // What is down, or failed, may be something else than the service.
  const bool is_vague = heard.of(Sense::kUnknown);
  if (heard.of(Sense::kUnavailable)) return is_vague ? 7 : 9;
  if (heard.of(Sense::kTemporary)) return is_vague ? 6 : 7;
  if (heard.of(Sense::kTimeout)) return is_vague ? 3 : 5;
  if (heard.of(Sense::kOwnFault)) return is_vague ? 3 : 4;
  if (is_vague) return 0;
  if (heard.of(Sense::kUnspecific)) return 3;
  return heard.of(Sense::kError) ? 2 : 0;
}

// The best that the numbers in a text say; a status of another error goes before it.
int fitness_of_numbers(std::string_view text) {
  int best = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (!base::is_digit(text[i])) {
      ++i;
      continue;
    }
    long number{};
    const auto [end, failed] = std::from_chars(text.data() + i, text.data() + text.size(), number);
    i = static_cast<std::size_t>(end - text.data());
    if (failed != std::errc{}) continue;
    const int fitness = fitness_of_number(number);
    if (fitness < 0) return fitness;
    best = std::max(best, fitness);
  }
  return best;
}

}  // namespace

int fitness_of_number(long number) {
  const bool is_longer = number >= 10'000 && number < 1'000'000;
  while (is_longer && number >= 1'000) number /= 10;
  if (number == 503) return is_longer ? 8 : 9;
  if (number >= 500 && number <= 599) return number <= 504 ? 4 : 2;
  if (is_longer) return 0;
  if (number >= 400 && number <= 499) return kBlamesClient;
  return number >= 200 && number <= 299 ? -9 : 0;
}

bool speaks_of_maintenance(std::string_view text) {
  if (base::icontains(text, "maintenance")) return true;
  constexpr std::array<std::string_view, 3> kSigns = {"maint", "planned", "scheduled"};
  const std::vector<std::string> words = words_of(text);
  return std::find_first_of(words.begin(), words.end(), kSigns.begin(), kSigns.end()) !=
         words.end();
}

int fitness_of_word(std::string_view text) {
  // In a sentence a number is of anything.
  constexpr std::size_t kMostWordsOfACode = 4;
  const std::vector<std::string> words = known_words_of(text);
  const int by_words = fitness_of(hear(words));
  const int by_numbers = words.size() > kMostWordsOfACode ? 0 : fitness_of_numbers(text);
  return by_words < 0 || by_numbers < 0 ? std::min(by_words, by_numbers)
                                        : std::max(by_words, by_numbers);
}

}  // namespace intermission::contract
