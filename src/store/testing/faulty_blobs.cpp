#include "attacca/store/testing/faulty_blobs.h"

#include <atomic>
#include <csignal>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "attacca/base/error.h"

namespace attacca::store {

BeforeOperation failAt(std::size_t number, bool ever_after) {
  return [=](std::size_t now, std::string_view operation, std::string_view key) {
    if (now == number || (ever_after && now > number)) {
      throw Error(Fault::io, fmt::format("cannot {} {}: a test says so", operation, key));
    }
  };
}

BeforeOperation killAt(std::size_t number) {
  return [=](std::size_t now, std::string_view, std::string_view) {
    if (now == number) ::raise(SIGKILL);
  };
}

class FaultyBlobs::Counter {
 public:
  explicit Counter(BeforeOperation before) : before_(std::move(before)) {}

  void next(std::string_view operation, std::string_view key) {
    const std::size_t number = operations_++;
    if (before_) before_(number, operation, key);
  }
  std::size_t operations() const { return operations_; }

 private:
  const BeforeOperation before_;
  std::atomic<std::size_t> operations_ = 0;
};

class FaultyBlobs::Writer final : public BlobWriter {
 public:
  Writer(std::unique_ptr<BlobWriter> inner, std::string key, std::shared_ptr<Counter> counter)
      : inner_(std::move(inner)), key_(std::move(key)), counter_(std::move(counter)) {}

  int descriptor() const override { return inner_->descriptor(); }
  void write(std::span<const std::byte> bytes) override {
    counter_->next("write", key_);
    inner_->write(bytes);
  }
  void commit() override {
    counter_->next("commit", key_);
    inner_->commit();
  }

 private:
  const std::unique_ptr<BlobWriter> inner_;
  const std::string key_;
  const std::shared_ptr<Counter> counter_;
};

FaultyBlobs::FaultyBlobs(Blobs& inner, BeforeOperation before)
    : inner_(inner), counter_(std::make_shared<Counter>(std::move(before))) {}
FaultyBlobs::~FaultyBlobs() = default;

std::size_t FaultyBlobs::operations() const { return counter_->operations(); }

bool FaultyBlobs::exists(std::string_view key) const {
  counter_->next("exists", key);
  return inner_.exists(key);
}

FileBytes FaultyBlobs::read(std::string_view key) const {
  counter_->next("read", key);
  return inner_.read(key);
}

std::unique_ptr<BlobWriter> FaultyBlobs::create(std::string_view key) {
  counter_->next("create", key);
  return std::make_unique<Writer>(inner_.create(key), std::string(key), counter_);
}

void FaultyBlobs::put(std::string_view key, std::string_view content) {
  counter_->next("put", key);
  inner_.put(key, content);
}

void FaultyBlobs::remove(std::string_view key) {
  counter_->next("remove", key);
  inner_.remove(key);
}

std::vector<BlobInfo> FaultyBlobs::list(std::string_view prefix) const {
  counter_->next("list", prefix);
  return inner_.list(prefix);
}

}  // namespace attacca::store
