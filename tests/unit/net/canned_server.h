// An HTTP server on a free port of this machine that gives prepared answers, one a connection, and keeps what it was
// asked.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "base/ascii.h"
#include "net/sigv4.h"

namespace garland::net {

/// A whole answer. An empty one in its place: the connection is closed without any.
inline std::string canned(int status, const std::string& body, const std::string& header = "") {
  return "HTTP/1.1 " + std::to_string(status) + " Status\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n" + (header.empty() ? "" : header + "\r\n") + "\r\n" + body;
}

class CannedServer {
 public:
  explicit CannedServer(std::vector<std::string> answers) : answers_(std::move(answers)) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(socket_, 8), 0);
    EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this](const std::stop_token& stop) { serve(stop); });
  }
  ~CannedServer() {
    finish();
    ::close(socket_);
  }
  CannedServer(const CannedServer&) = delete;
  CannedServer& operator=(const CannedServer&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// What came, in order; no more answers are given.
  const std::vector<SignedRequest>& requests() {
    finish();
    return requests_;
  }

 private:
  void finish() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }
  void serve(const std::stop_token& stop) {
    for (const std::string& answer : answers_) {
      for (pollfd waiting{socket_, POLLIN, 0}; ::poll(&waiting, 1, 20) == 0;) {
        if (stop.stop_requested()) return;
      }
      const int connection = ::accept(socket_, nullptr, nullptr);
      requests_.push_back(read(connection));
      for (size_t sent = 0; sent < answer.size();) {
        const ssize_t count = ::send(connection, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) break;
        sent += static_cast<size_t>(count);
      }
      ::close(connection);
    }
  }
  static SignedRequest read(int connection) {
    std::string text;
    size_t head = std::string::npos, body = 0;
    SignedRequest request;
    for (char bytes[4096]; head == std::string::npos || text.size() < head + 4 + body;) {
      const ssize_t count = ::recv(connection, bytes, sizeof bytes, 0);
      if (count <= 0) break;
      text.append(bytes, static_cast<size_t>(count));
      if (head == std::string::npos && (head = text.find("\r\n\r\n")) != std::string::npos) {
        read_head(text.substr(0, head), request);
        const auto length = request.headers.find("content-length");
        body = length == request.headers.end() ? 0 : std::stoul(length->second);
      }
    }
    if (head != std::string::npos) request.body = text.substr(head + 4);
    return request;
  }
  static void read_head(const std::string& text, SignedRequest& request) {
    const size_t first = text.find(' '), second = text.find(' ', first + 1);
    request.method = text.substr(0, first);
    request.path = text.substr(first + 1, second - first - 1);
    for (size_t at = text.find("\r\n"); at != std::string::npos;) {
      const size_t begin = at + 2;
      at = text.find("\r\n", begin);
      const std::string line = text.substr(begin, at - begin);
      const size_t colon = line.find(':');
      const std::string name = ascii_lower(line.substr(0, colon));
      EXPECT_FALSE(request.headers.contains(name)) << "two headers " << name;
      request.headers[name] = line.substr(std::min(line.find_first_not_of(' ', colon + 1), line.size()));
    }
  }

  int socket_ = -1, port_ = 0;
  std::vector<std::string> answers_;
  std::vector<SignedRequest> requests_;
  std::jthread thread_;
};

}  // namespace garland::net
