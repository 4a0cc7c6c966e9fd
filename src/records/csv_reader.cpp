// The pipeline: a reader thread cuts blocks, workers parse them, the caller takes the results in file order.
#include <condition_variable>
#include <cstring>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "records/block_cutter.h"
#include "records/csv.h"
#include "records/csv_layout.h"
#include "records/csv_parser.h"

namespace garland::records {
namespace {

/// Blocks in file order through several threads; at most `depth` are under way.
class Pipeline {
 public:
  Pipeline(BlockCutter& cutter, const Layout& layout, const CsvOptions& options)
      : cutter_(cutter), layout_(layout), options_(options), depth_(static_cast<uint64_t>(options.workers) * 2 + 1) {
    try {
      threads_.emplace_back([this] { guard([this] { cut_blocks(); }); });
      for (int i = 0; i < options.workers; ++i) threads_.emplace_back([this] { guard([this] { parse_blocks(); }); });
    } catch (...) {
      stop();
      throw;
    }
  }
  ~Pipeline() { stop(); }
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// The next block's rows, or nothing at the end. Rethrows what a thread threw, after the blocks before it.
  std::optional<ParsedBlock> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] {
      return parsed_.contains(taken_) || (cut_all_ && taken_ == cut_) || (failure_ && taken_ >= failed_at_);
    });
    const auto at = parsed_.find(taken_);
    if (at == parsed_.end()) {
      if (failure_ && taken_ >= failed_at_) std::rethrow_exception(failure_);
      return std::nullopt;
    }
    ParsedBlock block = std::move(at->second);
    parsed_.erase(at);
    ++taken_;
    changed_.notify_all();
    return block;
  }

 private:
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  /// The failure stands where the blocks before it end; the first such place wins.
  void fail(uint64_t at) {
    const std::lock_guard lock(mutex_);
    if (failure_ && failed_at_ <= at) return;
    failure_ = std::current_exception();
    failed_at_ = at;
    changed_.notify_all();
  }

  template <class Work>
  void guard(Work work) {
    try {
      work();
    } catch (...) {
      fail(0);
    }
  }

  void cut_blocks() {
    while (true) {
      std::optional<Block> block;
      try {
        block = cutter_.next();
      } catch (...) {
        return fail(cut_);
      }
      std::unique_lock lock(mutex_);
      if (!block) {
        cut_all_ = true;
        changed_.notify_all();
        return;
      }
      changed_.wait(lock, [this] { return stopping_ || cut_ - taken_ < depth_; });
      if (stopping_) return;
      waiting_.emplace(cut_++, std::move(*block));
      changed_.notify_all();
    }
  }

  void parse_blocks() {
    BlockParser parser(layout_, options_);
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty() || cut_all_ || failure_; });
      if (stopping_ || waiting_.empty()) return;
      auto node = waiting_.extract(waiting_.begin());
      lock.unlock();
      std::optional<ParsedBlock> parsed;
      try {
        parsed = parser.parse(std::move(node.mapped()));
      } catch (...) {
        fail(node.key());
      }
      lock.lock();
      if (parsed) parsed_.emplace(node.key(), std::move(*parsed));
      changed_.notify_all();
    }
  }

  BlockCutter& cutter_;
  const Layout& layout_;
  const CsvOptions& options_;
  const uint64_t depth_;

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::map<uint64_t, Block> waiting_;       // cut, by number
  std::map<uint64_t, ParsedBlock> parsed_;  // parsed, by number
  uint64_t cut_ = 0, taken_ = 0;
  bool cut_all_ = false, stopping_ = false;
  std::exception_ptr failure_;
  uint64_t failed_at_ = 0;

  std::vector<std::thread> threads_;
};

void check(const CsvOptions& options) {
  const auto bad = [](char c) { return c == '\n' || c == '\r'; };
  if (bad(options.delimiter) || bad(options.quote) || options.delimiter == 0 || options.delimiter == options.quote) {
    throw Error(kInvalidParameterValue, "the delimiter and the quote must be two different characters, no line ends");
  }
}

/// `reader` has read the block's first record.
std::vector<std::string> header_names(const Block& first, const RecordReader& reader) {
  if (first.oversize || reader.fault() != RecordReader::Fault::kNone) {
    throw Error(kBadCopyFileFormat, "the header is no CSV record").hint("its first line must name the columns");
  }
  std::vector<std::string> names;
  for (const FieldText& field : reader.fields()) names.emplace_back(field.text);
  return names;
}

}  // namespace

struct CsvReader::State {
  std::unique_ptr<ByteSource> source;
  std::vector<CsvColumn> columns;
  CsvOptions options;
  BlockCutter cutter;
  Layout layout;
  std::optional<BlockParser> parser;   // parses on this thread
  std::unique_ptr<Pipeline> pipeline;  // once the file turns out to be larger than a block
  bool begun = false, ended = false;

  std::optional<ParsedBlock> block;
  size_t next_rows = 0;  // of the block
  CsvChunk chunk;
  uint64_t records = 0, lines = 0, leading_lines = 0, bytes = 0;
  std::string header;

  State(std::unique_ptr<ByteSource> bytes_of, std::vector<CsvColumn> wanted, CsvOptions given)
      : source(std::move(bytes_of)), columns(std::move(wanted)), options(std::move(given)), cutter(*source, options) {}

  void take_header(Block& block);
  void begin();
  bool next_block();
};

/// Reads the header at the start of the first block and takes it off.
void CsvReader::State::take_header(Block& first) {
  RecordReader reader(options.delimiter, options.quote);
  const char* const begin = first.bytes.get();
  const char* const end = reader.read(begin, begin + first.size);
  layout = layout_by_header(columns, header_names(first, reader), options);
  header = reader.record();
  const auto size = static_cast<size_t>(end - begin);
  first.size -= size;
  std::memmove(first.bytes.get(), end, first.size);
  first.offset += size;
  lines += reader.lines();
  bytes += size;
}

void CsvReader::State::begin() {
  begun = true;
  std::optional<Block> first = cutter.next();
  lines = cutter.skipped_lines();
  bytes = cutter.skipped_bytes();
  if (options.header == HeaderRow::kNone) {
    layout = layout_in_order(columns);
  } else if (first) {
    take_header(*first);
  } else {
    throw Error(kBadCopyFileFormat, "the file is empty: not even a header");
  }
  leading_lines = lines;
  if (!first) return;
  parser.emplace(layout, options);
  if (!cutter.finished()) pipeline = std::make_unique<Pipeline>(cutter, layout, options);
  block = parser->parse(std::move(*first));
}

/// Makes `block` the next one; false at the end.
bool CsvReader::State::next_block() {
  if (!begun) {
    begin();
  } else {
    lines += block->lines;
    block.reset();
    if (pipeline) block = pipeline->take();
  }
  next_rows = 0;
  if (block) bytes += block->bytes;
  return block.has_value();
}

CsvReader::CsvReader(std::unique_ptr<ByteSource> source, std::vector<CsvColumn> columns, CsvOptions options) {
  check(options);
  state_ = std::make_unique<State>(std::move(source), std::move(columns), std::move(options));
}
CsvReader::~CsvReader() = default;
CsvReader::CsvReader(CsvReader&&) noexcept = default;

const CsvChunk* CsvReader::next() {
  State& state = *state_;
  if (state.ended) return nullptr;
  while (!state.block || state.next_rows == state.block->rows.size()) {
    if (!state.next_block()) {
      state.ended = true;
      return nullptr;
    }
  }
  ParsedRows& rows = state.block->rows[state.next_rows++];
  for (uint64_t& line : rows.lines) line += state.lines + 1;
  for (Refusal& refusal : rows.refusals) refusal.line += state.lines + 1;
  state.records += rows.lines.size() + rows.refusals.size();
  state.chunk = {&rows.builder.batch(), rows.lines, rows.refusals};
  return &state.chunk;
}

uint64_t CsvReader::records() const { return state_->records; }
uint64_t CsvReader::lines() const { return state_->lines + (state_->block ? state_->block->lines : 0); }
uint64_t CsvReader::leading_lines() const { return state_->leading_lines; }
uint64_t CsvReader::bytes() const { return state_->bytes; }
const std::string& CsvReader::header() const { return state_->header; }
const std::vector<std::string>& CsvReader::missing() const { return state_->layout.missing; }
const std::vector<std::string>& CsvReader::surplus() const { return state_->layout.surplus; }

std::vector<std::string> read_header(ByteSource& source, const CsvOptions& options) {
  CsvOptions first_only = options;
  first_only.block_bytes = 64u << 10;
  BlockCutter cutter(source, first_only);
  const std::optional<Block> first = cutter.next();
  if (!first) throw Error(kBadCopyFileFormat, "the file is empty: not even a header");
  RecordReader reader(options.delimiter, options.quote);
  reader.read(first->bytes.get(), first->bytes.get() + first->size);
  return header_names(*first, reader);
}

}  // namespace garland::records
