#include "ingest/files/rejects.h"

#include <fmt/format.h>

#include <charconv>

#include "base/error.h"
#include "ingest/files/evolve.h"
#include "ingest/files/ledger.h"
#include "ingest/files/source_reader.h"
#include "ingest/files/tables.h"
#include "ingest/files/writers.h"
#include "net/digest.h"

namespace garland::ingest {
namespace {

std::optional<int64_t> number_of(std::string_view text) {
  int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || value < 1) return std::nullopt;
  return value;
}

/// The batch that refused it must be the one whose rows are in the raw table.
void check_standing(engine::Session& session, const Reject& reject, const FileSource& source) {
  const Ledger ledger(session, source);
  const BatchRow* standing = ledger.standing(reject.file);
  if (standing && standing->id == reject.batch) return;
  throw Error(kObjectNotInPrerequisiteState,
              standing ? fmt::format("{} has been delivered anew since reject {}", reject.file, reject.text())
                       : fmt::format("nothing of {} was loaded, so its records cannot come alone", reject.file))
      .hint("Mend the file itself and deliver it again: garland run.");
}

uint64_t load_text(engine::Session& session, const Reject& reject, const FileSource& source, const std::string& text,
                   Vault* vault, VaultWriter* originals, int64_t now_us) {
  Tokeniser tokeniser(column_plans(source), source.subject, vault ? vault->keys().token : std::string_view());
  RawWriter raw(session, source, reject.file, reject.batch, now_us, tokeniser, originals);
  const auto reader = read_source_text(source, records::memory_source(text), false);
  const auto line = static_cast<uint64_t>(reject.line);
  while (const records::CsvChunk* chunk = reader->next()) {
    for (const records::Refusal& refusal : chunk->refusals) {
      throw Error(refusal.state, fmt::format("reject {} is refused again: {}", reject.text(), refusal.reason))
          .hint(fmt::format("garland rejects show {0} > {1}; mend it; garland rejects replay {0} --from {1}",
                            reject.text(), source.format == FileFormat::kCsv ? "row.csv" : "row.json"));
    }
    std::vector<uint64_t> lines(chunk->lines.size(), line);  // where the record stood
    raw.append({chunk->batch, lines, {}});
  }
  raw.close();
  if (raw.rows() > 0) return raw.rows();
  throw Error(kBadCopyFileFormat, fmt::format("the text for reject {} holds no record", reject.text()));
}

}  // namespace

std::string RejectId::text() const { return number ? fmt::format("{}.{}", batch, *number) : std::to_string(batch); }

std::string Reject::text() const { return reject_place(batch, number); }

std::string RejectText::text() const { return header.empty() ? record + "\n" : header + "\n" + record + "\n"; }

RejectId reject_id(const std::string& text) {
  const size_t dot = text.find('.');
  const auto batch = number_of(std::string_view(text).substr(0, dot));
  const auto number = dot == std::string::npos ? std::nullopt : number_of(std::string_view(text).substr(dot + 1));
  if (batch && (number || dot == std::string::npos)) return {*batch, number};
  throw Error(kInvalidParameterValue, fmt::format("\"{}\" is no reject", text))
      .hint("as `garland rejects list` shows them: 12.3, or 12 for all of a batch");
}

std::vector<Reject> list_rejects(engine::Session& session, const RejectFilter& filter) {
  std::vector<Reject> rejects;
  if (!columns_of(session, "ops.rejects") || !columns_of(session, "ops.reject_events")) return rejects;
  // Bytes that a reject's parts hold together stand in its first one.
  const auto rows = engine::query_text(
      session,
      "select r.batch_id, r.reject_no, r.source, r.file, r.line, r.column_name, r.reason, r.sqlstate, r.rejected_at, "
      "e.event, p.bytes, r.payload_key from ops.rejects r "
      "join (select batch_id, reject_no, sum(octet_length(payload)) as bytes from ops.rejects group by 1, 2) p "
      "on p.batch_id = r.batch_id and p.reject_no = r.reject_no "
      "left join (select batch_id, reject_no, min(event) as event from ops.reject_events group by 1, 2) e "
      "on e.batch_id = r.batch_id and e.reject_no = r.reject_no where r.part = 1 order by 1, 2");
  for (const engine::TextRow& row : rows) {
    Reject reject{number_in(row[0]),   number_in(row[1]),   row[2].value_or(""), row[3].value_or(""),
                  number_in(row[4]),   row[5].value_or(""), row[6].value_or(""), row[7].value_or(""),
                  row[8].value_or(""), row[9].value_or(""), number_in(row[10]),  row[11].value_or("")};
    const bool wanted =
        !filter.id || (filter.id->batch == reject.batch && (!filter.id->number || *filter.id->number == reject.number));
    if (!wanted || (!filter.source.empty() && filter.source != reject.source)) continue;
    if (filter.waiting && !reject.event.empty()) continue;
    rejects.push_back(std::move(reject));
  }
  return rejects;
}

RejectText reject_text(engine::Session& session, const Reject& reject, const Vault* vault) {
  const engine::ParameterValue id[] = {std::to_string(reject.batch), std::to_string(reject.number)};
  std::string payload;
  bool there = false;
  for (const engine::TextRow& row : engine::query_text(
           session, "select payload from ops.rejects where batch_id = $1 and reject_no = $2 order by part", id)) {
    there = there || row[0].has_value();
    payload += net::from_hex(row[0].value_or("")).value_or("");
  }
  if (!there) {
    throw Error(kObjectNotInPrerequisiteState,
                reject.line == 0 ? fmt::format("reject {} is a file as a whole, it has no record", reject.text())
                                 : fmt::format("the payload of reject {} was dropped", reject.text()));
  }
  RejectText text;
  if (!reject.payload_key.empty()) {
    if (!vault)
      throw Error(kObjectNotInPrerequisiteState, fmt::format("the payload of reject {} is sealed", reject.text()));
    payload = vault->open_payload(payload, reject.text());
  }
  text.record = std::move(payload);
  const auto headers =
      engine::query_text(session, "select header from ops.reject_headers where batch_id = $1", {id, 1});
  if (!headers.empty()) text.header = headers[0][0].value_or("");
  return text;
}

void check_waiting(const Reject& reject) {
  if (reject.event.empty()) return;
  throw Error(kObjectNotInPrerequisiteState, fmt::format("reject {} was {} already", reject.text(), reject.event));
}

void settle_reject(engine::Session& session, const Reject& reject, const char* event, uint64_t rows,
                   const std::string& login, const Clock& clock) {
  const engine::ParameterValue values[] = {
      std::to_string(reject.batch), std::to_string(reject.number), event, std::to_string(rows), login,
      moment_text(clock.now_us())};
  engine::run(session,
              "insert into ops.reject_events (batch_id, reject_no, event, row_count, login, happened_at) "
              "values ($1, $2, $3, $4, $5, $6)",
              values);
}

uint64_t replay_reject(engine::Session& session, const Reject& reject, const FileSource& source,
                       const std::string& text, Vault* vault, const std::string& login, const Clock& clock) {
  check_waiting(reject);
  engine::Transaction transaction(session);
  check_standing(session, reject, source);
  const int64_t now_us = clock.now_us();
  std::optional<VaultWriter> originals;
  if (vault) originals.emplace(*vault, session, reject.batch, now_us);
  const FileSource fitted = with_added_columns(session, source);
  const uint64_t rows = load_text(session, reject, fitted, text, vault, originals ? &*originals : nullptr, now_us);
  if (originals) originals->flush();
  settle_reject(session, reject, "replayed", rows, login, clock);
  transaction.commit();
  if (originals) originals->committed();
  return rows;
}

uint64_t drop_rejects(engine::Session& session, const std::vector<Reject>& rejects, const std::string& login,
                      const Clock& clock) {
  engine::Transaction transaction(session);
  uint64_t dropped = 0;
  for (const Reject& reject : rejects) {
    if (reject.event == "dropped") continue;
    const engine::ParameterValue id[] = {std::to_string(reject.batch), std::to_string(reject.number)};
    engine::run(session, "update ops.rejects set payload = null where batch_id = $1 and reject_no = $2", id);
    settle_reject(session, reject, "dropped", 0, login, clock);
    ++dropped;
  }
  transaction.commit();
  return dropped;
}

}  // namespace garland::ingest
