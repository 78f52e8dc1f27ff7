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

static bool read_row(simdjson::ondemand::object account, Row &row) {
    bool has_id = false, has_collateral = false, has_debt = false;
    for (auto field : account) {
        std::string_view key = field.unescaped_key(), text = field.value().get_string();
        if (key == "id") {
            uint64_t tail;
            has_id = text.size() == 42 && text.substr(0, 2) == "0x"
                && read_hex(text.substr(2, 16), row.id_head)
                && read_hex(text.substr(18, 16), row.id_middle)
                && read_hex(text.substr(34, 8), tail);
            row.id_tail = static_cast<uint32_t>(tail);
        } else if (key == "c") {
            has_collateral = read_decimal(text, row.collateral);
        } else if (key == "d") {
            has_debt = read_decimal(text, row.debt);
        }
    }
    return has_id && has_collateral && has_debt;
}

static std::vector<Row> read_feed(
    simdjson::ondemand::parser &parser, const simdjson::padded_string &text) {
    std::vector<Row> rows;
    rows.reserve(100000);
    simdjson::ondemand::document document = parser.iterate(text);
    for (simdjson::ondemand::object account : document["accounts"]) {
        Row row{};
        if (!read_row(account, row)) { throw std::runtime_error("a row is not one"); }
        rows.push_back(row);
    }
    return rows;
}

int main(int count, char **arguments) {
    if (count != 2) { return 64; }
    try {
        simdjson::padded_string text = simdjson::padded_string::load(arguments[1]);
        simdjson::ondemand::parser parser;
        // A reading before the one that counts, as for everybody else in the second round.
        read_feed(parser, text);
        auto start = std::chrono::steady_clock::now();
        std::vector<Row> rows = read_feed(parser, text);
        auto spent = std::chrono::steady_clock::now() - start;
        uint64_t sum = 0;
        for (const Row &row : rows) {
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
