#include "exporter/http_client/reply_intake.h"

#include <algorithm>

namespace operator_connect::http_client {
namespace {

// A body that is not wanted is read off up to this size and time, so that the
// connection can be used again.
constexpr std::uint64_t kDiscardBytes = 16 * 1024;
constexpr Duration kDiscardTime = std::chrono::milliseconds(250);

}  // namespace

bool ReplyIntake::Refuse(Failure::Kind kind, const std::string& detail) {
  failure_ = Failure{kind, head_.status(), server_ + ": " + detail, true};
  return false;
}

bool ReplyIntake::TakeHeadLine(std::string_view line) {
  switch (head_.Add(line)) {
    case ReplyHead::Step::kMore:
      return true;
    case ReplyHead::Step::kRefused:
      return Refuse(Failure::Kind::kMalformed, head_.problem());
    case ReplyHead::Step::kFinal:
      BeginBody();
      return !failure_;
  }
  return false;
}

void ReplyIntake::BeginBody() {
  wanted_ = receiver_.OnHead(head_.status());
  const std::optional<std::uint64_t> length = head_.body_length();
  if (!wanted_) {
    until_ = std::min(until_, std::chrono::steady_clock::now() + kDiscardTime);
  } else if (length && *length > max_body_bytes_) {
    Refuse(Failure::Kind::kTooLarge,
           "the answer announces " + std::to_string(*length) +
               " bytes, more than " + std::to_string(max_body_bytes_));
  }
}

bool ReplyIntake::TakeBody(std::string_view piece) {
  if (!wanted_) {
    body_bytes_ += piece.size();
    return body_bytes_ <= kDiscardBytes;
  }
  // Many pieces come in one go from a server that is quick.
  time_up_ = deadline_.expired();
  if (time_up_) return false;
  if (!head_.compressed()) return TakePlain(piece);
  switch (gunzip_.Take(
      piece, [this](std::string_view plain) { return TakePlain(plain); })) {
    case Gunzip::Step::kMore:
      return true;
    case Gunzip::Step::kEnough:
      return false;
    case Gunzip::Step::kBroken:
      return Refuse(Failure::Kind::kMalformed,
                    "the compressed answer cannot be decompressed");
  }
  return false;
}

void ReplyIntake::TakeEnd() {
  if (!wanted_ || !gunzip_.cut_short()) return;
  Refuse(Failure::Kind::kMalformed,
         "the compressed answer ends before its end: it was cut short");
}

bool ReplyIntake::TakePlain(std::string_view piece) {
  body_bytes_ += piece.size();
  if (body_bytes_ > max_body_bytes_) {
    return Refuse(Failure::Kind::kTooLarge,
                  "the answer, decompressed, has more than " +
                      std::to_string(max_body_bytes_) + " bytes");
  }
  // One piece may hold a thousand times its size.
  time_up_ = time_up_ || (head_.compressed() && deadline_.expired());
  if (time_up_) return false;
  enough_ = !receiver_.OnBody(piece);
  return !enough_;
}

}  // namespace operator_connect::http_client
