#include "wsdl/wsdl_files.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>

#include "base/read_file.h"
#include "base/text.h"
#include "base/utf8.h"

namespace intermission::wsdl {
namespace {

namespace fs = std::filesystem;

// ------------------------------------------------------------------ references

bool has_scheme(std::string_view location) {
  const auto colon = location.find(':');
  return colon != std::string_view::npos && location.find('/') > colon;
}

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    if (slash > 0) parts.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return parts;
}

// "../orders/x" is "x" where the folder is called "orders": each document has one name.
void shorten(std::vector<std::string_view>& parts, std::string_view folder) {
  const std::vector<std::string_view> around = parts_of(folder);
  while (true) {
    std::size_t up = 0;
    while (up < parts.size() && parts[up] == "..") ++up;
    if (up == 0 || up > around.size() || up == parts.size()) return;
    if (parts[up] != around[around.size() - up]) return;
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(up) - 1,
                parts.begin() + static_cast<std::ptrdiff_t>(up) + 1);
  }
}

// A relative reference (RFC 3986 §4.2) from a document, as a name from the folder; nothing where it
// leads to no document. Query and fragment name no other file.
std::optional<std::string> resolve_location(std::string_view from, std::string_view location,
                                            std::string_view folder) {
  if (has_scheme(location) || location.starts_with('/')) return {};
  location = location.substr(0, location.find_first_of("?#"));
  std::vector<std::string_view> parts;
  const auto walk = [&parts](std::string_view path) {
    for (const std::string_view part : parts_of(path)) {
      if (part == ".") continue;
      if (part == ".." && !parts.empty() && parts.back() != "..") {
        parts.pop_back();
      } else {
        parts.push_back(part);
      }
    }
  };
  const auto end_of_folder = from.rfind('/');
  if (end_of_folder != std::string_view::npos) walk(from.substr(0, end_of_folder));
  walk(location);
  shorten(parts, folder);
  if (parts.empty() || parts.back() == "..") return {};
  std::string name;
  for (const std::string_view part : parts) {
    if (!name.empty()) name += '/';
    name += part;
  }
  return name;
}

void append_schema_references(const pugi::xml_node& schema, std::vector<WsdlReference>& out) {
  for (const pugi::xml_node& node : schema.children()) {
    const base::XmlName name = base::element_name(node);
    if (name.space != kSchemaNamespace) continue;
    if (name.local != "import" && name.local != "include" && name.local != "redefine") continue;
    if (const auto location = node.attribute("schemaLocation")) out.push_back({node, location});
  }
}

// ------------------------------------------------------------------ reading one document

int line_at(std::string_view text, std::ptrdiff_t offset) {
  if (offset < 0) return 0;
  const auto end = std::min(static_cast<std::size_t>(offset), text.size());
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + std::ptrdiff_t(end), '\n'));
}

// Walks without recursion: the depth is what is in question.
const char* shape_problem(const pugi::xml_node& root, pugi::xml_node& where) {
  std::size_t depth = 1;
  for (pugi::xml_node node = root; node;) {
    if (depth > kMaxWsdlDepth) {
      where = node;
      return "elements stand in each other too deeply";
    }
    if (node.first_child()) {
      node = node.first_child();
      ++depth;
      continue;
    }
    while (node != root && !node.next_sibling()) {
      node = node.parent();
      --depth;
    }
    node = node == root ? pugi::xml_node{} : node.next_sibling();
  }
  return nullptr;
}

std::string describe(const base::XmlName& name) {
  std::string out = base::printable(name.local, 80);
  if (!name.space.empty()) out += " of " + base::printable(name.space, 80);
  return out;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = base::utf8_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

// A declaration stands at the very start, or the document is not well-formed (XML 1.0 §2.8);
// pugixml takes it anywhere before the root.
pugi::xml_node misplaced_declaration(const WsdlFile& file) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  for (const pugi::xml_node& node : file.document.children()) {
    if (node.type() != pugi::node_declaration) continue;
    std::string_view text = file.text;
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    const bool is_blank_before =
        !text.empty() && std::string_view(" \t\r\n").find(text.front()) != std::string_view::npos;
    if (node.previous_sibling() || is_blank_before) return node;
  }
  return {};
}

std::optional<base::Error> parse(WsdlFile& file, bool is_main) {
  const auto problem = [&](std::string message, int line) {
    return base::Error{std::move(message), file.path, line};
  };
  // Comments and white space stay, for the document is served as it was written.
  const auto parsed = file.document.load_buffer(file.text.data(), file.text.size(),
                                                pugi::parse_full | pugi::parse_ws_pcdata);
  if (!parsed) {
    return problem(std::string("expected an XML document: ") + parsed.description(),
                   line_at(file.text, parsed.offset));
  }
  if (parsed.encoding == pugi::encoding_utf8 && !is_utf8(file.text)) {
    return problem("expected UTF-8, UTF-16 or ISO-8859-1, got another encoding", 0);
  }
  if (base::find_internal(file.text) != std::string::npos) {
    return problem("holds a character that no text may (U+FDD0)", 0);
  }
  const pugi::xml_node root = file.document.document_element();
  const base::XmlName name = base::element_name(root);
  file.is_schema = is_schema_root(root);
  if (name != base::XmlName{kWsdlNamespace, "definitions"} && (is_main || !file.is_schema)) {
    return file.error(root, std::string("expected WSDL 1.1 (definitions of ") +
                                std::string(kWsdlNamespace) + ")" +
                                (is_main ? "" : " or an XML Schema") + ", got " + describe(name));
  }
  pugi::xml_node where;
  if (const char* wrong = shape_problem(root, where)) return file.error(where, wrong);
  return {};
}

// ------------------------------------------------------------------ reading all

fs::path canonical(const fs::path& folder) {
  std::error_code wrong;
  fs::path path = fs::weakly_canonical(folder.empty() ? fs::path(".") : folder, wrong);
  if (!path.has_filename()) path = path.parent_path();  // of a folder that is not there
  return path;
}

bool is_below(const fs::path& path, const fs::path& root) {
  const auto [end, unused] = std::mismatch(root.begin(), root.end(), path.begin(), path.end());
  return end == root.end();
}

base::Result<std::string> read_from_disk(const fs::path& folder, const fs::path& root,
                                         const std::string& name) {
  std::error_code wrong;
  const fs::path path = fs::weakly_canonical(folder / name, wrong);
  if (wrong) return base::Error{"cannot be read: " + wrong.message()};
  if (!is_below(path, root)) {
    return base::Error{root == folder ? "stands outside the folder of the WSDL document"
                                      : "stands outside the contract_root " + root.string()};
  }
  return base::read_file(path.string(), kMaxWsdlBytes);
}

class Reader {
 public:
  Reader(const std::string& prefix, std::string folder, const ReadWsdlFile& read)
      : prefix_(prefix), read_(read) {
    out_.folder = std::move(folder);
  }

  base::Result<WsdlFiles> read_all(const std::string& main) {
    if (auto error = add(main, nullptr, {})) return *error;
    for (std::size_t i = 0; i < out_.files.size(); ++i) {
      const WsdlFile& file = *out_.files[i];
      for (const WsdlReference& reference : references_of(file.document.document_element())) {
        if (auto error = follow(file, reference)) out_.problems.push_back(std::move(*error));
      }
    }
    return std::move(out_);
  }

 private:
  std::optional<base::Error> follow(const WsdlFile& from, const WsdlReference& reference) {
    const std::string_view location = reference.location.value();
    if (has_scheme(location) || location.starts_with("//")) {
      return from.error(reference.node,
                        "expected the name of a document below the contract_root, got " +
                            base::printable(location, 120) + ": nothing is fetched from elsewhere");
    }
    const auto name = resolve_location(from.name, location, out_.folder);
    if (!name) {
      return from.error(reference.node,
                        "expected the name of a document below the contract_root, got " +
                            base::printable(location, 120));
    }
    if (out_.named(*name) != nullptr || !tried_.insert(*name).second) return {};
    return add(*name, &from, reference.node);
  }

  std::optional<base::Error> add(const std::string& name, const WsdlFile* from,
                                 const pugi::xml_node& reference) {
    auto file = std::make_unique<WsdlFile>();
    file->name = name;
    file->path = prefix_ + name;
    auto text = read_(name);
    const auto problem = [&](const std::string& what) {
      return from == nullptr ? base::Error{what, file->path, 0}
                             : from->error(reference, base::printable(name, 120) + ": " + what);
    };
    if (!text) return problem(text.error().message);
    bytes_ += text->size();
    if (bytes_ > kMaxWsdlBytes) return problem("makes the documents larger than 64 MiB");
    if (out_.files.size() >= kMaxWsdlFiles) return problem("expected at most 500 documents");
    file->text = std::move(*text);
    if (auto error = parse(*file, from == nullptr)) return error;
    while (const pugi::xml_node node = misplaced_declaration(*file)) {
      out_.oddities.push_back(file->error(
          node,
          "expected the XML declaration at the very start, or none; it is served without it"));
      file->document.remove_child(node);
    }
    out_.files.push_back(std::move(file));
    return {};
  }

  const std::string& prefix_;
  const ReadWsdlFile& read_;
  WsdlFiles out_;
  std::set<std::string> tried_;
  std::size_t bytes_ = 0;
};

}  // namespace

int WsdlFile::line_of(const pugi::xml_node& node) const {
  return line_at(text, node.offset_debug());
}

base::Error WsdlFile::error(const pugi::xml_node& node, std::string message) const {
  return {std::move(message), path, line_of(node)};
}

const WsdlFile* WsdlFiles::named(std::string_view name) const {
  const auto found = std::find_if(files.begin(), files.end(),
                                  [&](const auto& file) { return file->name == name; });
  return found == files.end() ? nullptr : found->get();
}

const WsdlFile* WsdlFiles::find(const WsdlFile& from, std::string_view location) const {
  const auto name = resolve_location(from.name, location, folder);
  return name ? named(*name) : nullptr;
}

std::vector<WsdlReference> references_of(const pugi::xml_node& root) {
  std::vector<WsdlReference> out;
  if (is_schema_root(root)) {
    append_schema_references(root, out);
    return out;
  }
  for (const pugi::xml_node& node : root.children()) {
    const base::XmlName name = base::element_name(node);
    if (name.space != kWsdlNamespace) continue;
    if (name.local == "import") {
      if (const auto location = node.attribute("location")) out.push_back({node, location});
    } else if (name.local == "types") {
      for (const pugi::xml_node& schema : node.children()) {
        if (is_schema_root(schema)) append_schema_references(schema, out);
      }
    }
  }
  return out;
}

base::Result<WsdlFiles> read_wsdl_files(const std::string& path, const std::string& root) {
  const fs::path whole(path);
  const std::string name = whole.filename().string();
  const std::string prefix = path.substr(0, path.size() - name.size());
  const fs::path folder = canonical(prefix);
  const fs::path around = root.empty() ? folder : canonical(root);
  const fs::path& bound = is_below(folder, around) ? around : folder;
  const ReadWsdlFile read = [&](const std::string& wanted) {
    return read_from_disk(folder, bound, wanted);
  };
  return Reader(prefix, folder.string(), read).read_all(name);
}

base::Result<WsdlFiles> read_wsdl_files(const std::string& folder, const std::string& name,
                                        const ReadWsdlFile& read) {
  return Reader(folder, "", read).read_all(name);
}

}  // namespace intermission::wsdl
