#include "shop/marketing.h"

#include <fmt/format.h>

#include <fstream>

#include "base/error.h"
#include "shop/markets.h"

namespace garland::shop {

Marketing::Marketing(const Parameters& parameters, const std::filesystem::path& folder)
    : folder_(folder), random_(parameters.seed, "marketing") {
  std::filesystem::create_directories(folder);
}

void Marketing::evening(Day day, double orders) {
  constexpr struct {
    const char *channel, *campaign;
    double orders, cost, clicks;  // share of the orders, EUR an order, clicks an order
  } kCampaigns[] = {{"paid_search", "brand", 0.10, 3.1, 14},
                    {"paid_search", "generic", 0.14, 8.4, 38},
                    {"social", "season", 0.14, 7.2, 55},
                    {"email", "newsletter", 0.14, 0.4, 22},
                    {"affiliate", "partners", 0.06, 4.6, 30}};
  const int to_christmas = days_to_christmas(day);
  const double dearness = to_christmas >= 5 && to_christmas <= 40 ? 1.35 : 1;
  std::string text = "day,channel,campaign,country,currency,impressions,clicks,spend\n";
  for (const auto& campaign : kCampaigns) {
    for (const Country& country : kCountries) {
      const double led = orders * campaign.orders * country.share * random_.factor(0.2);
      const auto clicks = static_cast<int64_t>(led * campaign.clicks);
      const auto impressions = static_cast<int64_t>(static_cast<double>(clicks) * (18 + 20 * random_.uniform()));
      text += fmt::format("{},{},{},{},EUR,{},{},{:.2f}\n", text_of(day), campaign.channel, campaign.campaign,
                          country.code, impressions, clicks, led * campaign.cost * dearness);
    }
  }
  const std::filesystem::path path = folder_ / (text_of(day) + ".csv");
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (out.fail()) throw Error(kIoError, fmt::format("cannot write {}", path.string())).hint("is the disk full?");
}

}  // namespace garland::shop
