// The account feed of `bailiff-dev bench codec` read by simdjson's on-demand parser into the same
// rows, with digits taken and checked eight at a time as we do. Prints its name, the nanoseconds of one reading and the sum of
// what it read.
#include <simdjson.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <vector>

using Wide = unsigned __int128;

struct Row {
    uint64_t id_head, id_middle;
    uint32_t id_tail;
    Wide collateral, debt;
    size_t leg_end;
};

struct Leg {
    uint64_t asset;
    Wide amount;
    bool is_debt;
};

struct Feed {
    std::vector<Row> rows;
    std::vector<Leg> legs;
};

static constexpr uint64_t ones = 0x0101010101010101;

static uint64_t load(const char *text) {
    uint64_t word;
    std::memcpy(&word, text, sizeof word);
    return word;
}

static bool eight_decimals(uint64_t text, uint64_t &value) {
    uint64_t digits = text ^ (ones * 0x30);
    if ((((digits & (ones * 0x7F)) + ones * 0x76) | digits) & (ones * 0x80)) { return false; }
    uint64_t pairs = (digits * 10 + (digits >> 8)) & 0x00FF00FF00FF00FF;
    uint64_t fours = (pairs * 100 + (pairs >> 16)) & 0x0000FFFF0000FFFF;
    value = (fours * 10000 + (fours >> 32)) & 0xFFFFFFFF;
    return true;
}

static bool read_decimal(std::string_view text, Wide &value) {
    if (text.empty() || text.size() > 38 || (text.size() > 1 && text[0] == '0')) { return false; }
    value = 0;
    size_t position = 0;
    for (; position + 8 <= text.size(); position += 8) {
        uint64_t eight;
        if (!eight_decimals(load(text.data() + position), eight)) { return false; }
        value = value * 100000000 + eight;
    }
    for (; position < text.size(); position++) {
        unsigned digit = static_cast<unsigned char>(text[position]) - '0';
        if (digit > 9) { return false; }
        value = value * 10 + digit;
    }
    return true;
}

static bool eight_hex(uint64_t text, uint64_t &value) {
    uint64_t lows = ones * 0x7F, figures = text ^ (ones * 0x30);
    uint64_t not_figure = ((figures & lows) + ones * 0x76) | figures;
    uint64_t letters = (text | (ones * 0x20)) ^ (ones * 0x60);
    uint64_t not_letter =
        ((letters & lows) + ones * 0x79) | letters | ~((letters & lows) + lows);
    if (not_figure & not_letter & (ones * 0x80)) { return false; }
    uint64_t digits = (text & (ones * 0x0F)) + ((text >> 6) & ones) * 9;
    uint64_t pairs = (digits << 4 | digits >> 8) & 0x00FF00FF00FF00FF;
    uint64_t fours = (pairs << 8 | pairs >> 16) & 0x0000FFFF0000FFFF;
    value = (fours << 16 | fours >> 32) & 0xFFFFFFFF;
    return true;
}

static bool read_hex(std::string_view text, uint64_t &value) {
    value = 0;
    for (size_t position = 0; position + 8 <= text.size(); position += 8) {
        uint64_t eight;
        if (!eight_hex(load(text.data() + position), eight)) { return false; }
        value = value << 32 | eight;
    }
    return true;
}

static bool read_legs(simdjson::ondemand::array list, bool are_debts, std::vector<Leg> &legs) {
    for (simdjson::ondemand::object item : list) {
        Leg leg{0, 0, are_debts};
        bool has_amount = false;
        for (auto field : item) {
            std::string_view key = field.unescaped_key();
            if (key == "asset") {
                leg.asset = field.value().get_uint64();
            } else if (key == "amount") {
                has_amount = read_decimal(field.value().get_string(), leg.amount);
            }
        }
        if (!has_amount) { return false; }
        legs.push_back(leg);
    }
    return true;
}

static bool read_row(
    simdjson::ondemand::object account, Row &row, std::vector<Leg> &legs) {
    bool has_id = false, has_collateral = false, has_debt = false;
    for (auto field : account) {
        std::string_view key = field.unescaped_key();
        if (key == "id") {
            std::string_view text = field.value().get_string();
            uint64_t tail;
            has_id = text.size() == 42 && text.substr(0, 2) == "0x"
                && read_hex(text.substr(2, 16), row.id_head)
                && read_hex(text.substr(18, 16), row.id_middle)
                && read_hex(text.substr(34, 8), tail);
            row.id_tail = static_cast<uint32_t>(tail);
        } else if (key == "c") {
            has_collateral = read_decimal(field.value().get_string(), row.collateral);
        } else if (key == "d") {
            has_debt = read_decimal(field.value().get_string(), row.debt);
        } else if (key == "collateral") {
            has_collateral = read_legs(field.value().get_array(), false, legs);
        } else if (key == "debt") {
            has_debt = read_legs(field.value().get_array(), true, legs);
        }
    }
    row.leg_end = legs.size();
    return has_id && has_collateral && has_debt;
}

static Feed read_feed(
    simdjson::ondemand::parser &parser, const simdjson::padded_string &text) {
    Feed feed;
    feed.rows.reserve(100000);
    simdjson::ondemand::document document = parser.iterate(text);
    for (simdjson::ondemand::object account : document["accounts"]) {
        Row row{};
        if (!read_row(account, row, feed.legs)) { throw std::runtime_error("a row is not one"); }
        feed.rows.push_back(row);
    }
    return feed;
}

int main(int count, char **arguments) {
    if (count != 2) { return 64; }
    try {
        simdjson::padded_string text = simdjson::padded_string::load(arguments[1]);
        simdjson::ondemand::parser parser;
        // A reading before the one that counts, as for everybody else in the second round.
        read_feed(parser, text);
        auto start = std::chrono::steady_clock::now();
        Feed feed = read_feed(parser, text);
        auto spent = std::chrono::steady_clock::now() - start;
        uint64_t sum = 0;
        for (const Leg &leg : feed.legs) { sum += leg.asset + static_cast<uint64_t>(leg.amount); }
        for (const Row &row : feed.rows) {
            sum += row.id_head + static_cast<uint64_t>(row.collateral)
                + static_cast<uint64_t>(row.debt);
        }
        std::printf(
            "simdjson %lld %llu\n",
            static_cast<long long>(
                std::chrono::duration_cast<std::chrono::nanoseconds>(spent).count()),
            static_cast<unsigned long long>(sum));
    } catch (const std::exception &error) {
        std::fprintf(stderr, "simdjson_feed: %s\n", error.what());
        return 1;
    }
}
