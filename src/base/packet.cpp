#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>

#include "attacca/base/error.h"
#include "attacca/base/hearing.h"

namespace attacca {

void sendPacket(int socket, std::string_view text, std::span<const int> descriptors) {
  if (text.size() > kMaxPacketBytes || descriptors.size() > kMaxPacketDescriptors) {
    throw Error(Fault::io, "a message to a hear process is too long");
  }
  iovec part{const_cast<char*>(text.data()), text.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kMaxPacketDescriptors)> control{};
  if (!descriptors.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
  }
  while (::sendmsg(socket, &message, MSG_NOSIGNAL) < 0) {
    if (errno != EINTR) throwErrno("send to", "a hear process");
  }
}

std::optional<Packet> receivePacket(int socket, std::optional<Seconds> timeout) {
  pollfd waiting{socket, POLLIN, 0};
  const int milliseconds = timeout ? static_cast<int>(std::ceil(timeout->count() * 1000)) : -1;
  while (true) {
    const int ready = ::poll(&waiting, 1, milliseconds);
    if (ready > 0) break;
    if (ready == 0) throw Error(Fault::busy, "no answer in time");
    if (errno != EINTR) throwErrno("wait for", "a hear process");
  }
  Packet packet;
  packet.text.resize(kMaxPacketBytes);
  iovec part{packet.text.data(), packet.text.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kMaxPacketDescriptors)> control{};
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t length = 0;
  while ((length = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC)) < 0) {
    if (errno == ECONNRESET) return std::nullopt;
    if (errno != EINTR) throwErrno("receive from", "a hear process");
  }
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int fd = -1;
      std::memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
      packet.descriptors.emplace_back(fd);
    }
  }
  if (length == 0) return std::nullopt;
  if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) {
    throw Error(Fault::corrupt, "a hear process sent a message that is too long");
  }
  packet.text.resize(static_cast<std::size_t>(length));
  return packet;
}

}  // namespace attacca
