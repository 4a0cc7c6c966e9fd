#include "embedded/copy_files.h"

#include "base/error.h"
#include "engine/text.h"
#include "engine/text_scan.h"
#include "records/json_path.h"

namespace garland::embedded {

namespace {

struct Entry {
  std::string url;
  bool mandatory = false;
};

[[noreturn]] void bad_manifest(const std::string& source, const std::string& why) {
  throw Error(kBadCopyFileFormat, "Invalid manifest file \"" + source + "\": " + why);
}

std::string text_of(std::string_view value) {
  return value.size() > 1 && value[0] == '"' ? records::json_string(value) : "";
}

std::vector<Entry> read_manifest(const std::string& source, std::string_view text) {
  text = engine::trim_blanks(text);
  if (!engine::is_json(text) || text[0] != '{') bad_manifest(source, "it is not a JSON object");
  std::string_view list;
  records::for_each_member(text, [&](std::string_view key, std::string_view value) {
    if (key == "entries") list = value;
  });
  if (list.empty() || list[0] != '[') bad_manifest(source, "it has no array \"entries\"");
  std::vector<Entry> entries;
  records::for_each_element(list, [&](std::string_view element) {
    Entry entry;
    if (element[0] != '{') bad_manifest(source, "an entry is not an object");
    records::for_each_member(element, [&](std::string_view key, std::string_view value) {
      if (key == "url") entry.url = text_of(value);
      if (key == "mandatory") entry.mandatory = value == "true" || text_of(value) == "true";
    });
    if (entry.url.empty()) bad_manifest(source, "an entry has no \"url\"");
    entries.push_back(std::move(entry));
  });
  return entries;
}

}  // namespace

std::vector<std::string> files_to_copy(FileSpace& space, const std::string& source, bool manifest) {
  if (!manifest) return space.find(source);
  const std::string place = space.find_one(source);
  if (place.empty()) throw Error(kUndefinedFile, "The specified manifest \"" + source + "\" does not exist");
  std::vector<std::string> files;
  for (const Entry& entry : read_manifest(source, space.read(place))) {
    std::string found = space.find_one(entry.url);
    if (!found.empty()) {
      files.push_back(std::move(found));
    } else if (entry.mandatory) {
      throw Error(kUndefinedFile,
                  "Problem reading manifest file - \"" + entry.url + "\", which is mandatory, does not exist");
    }
  }
  if (files.empty()) throw Error(kUndefinedFile, "no file that the manifest \"" + source + "\" lists exists");
  return files;
}

}  // namespace garland::embedded
