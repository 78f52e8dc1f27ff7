// The account feed of `bailiff-dev bench codec` read by simdjson's on-demand parser into the same
// rows, digits checked one by one. Prints its name, the nanoseconds of one reading and the sum of
// what it read.
#include <simdjson.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <vector>

using Wide = unsigned __int128;

struct Row {
    uint64_t id_head, id_middle;
    uint32_t id_tail;
    Wide collateral, debt;
};

static bool read_decimal(std::string_view text, Wide &value) {
    if (text.empty() || text.size() > 38 || (text.size() > 1 && text[0] == '0')) { return false; }
    value = 0;
    for (char byte : text) {
        unsigned digit = static_cast<unsigned char>(byte) - '0';
        if (digit > 9) { return false; }
        value = value * 10 + digit;
    }
    return true;
}

static bool read_hex(std::string_view text, uint64_t &value) {
    value = 0;
    for (char byte : text) {
        unsigned digit = static_cast<unsigned char>(byte) - '0';
        if (digit > 9) {
            digit = (static_cast<unsigned char>(byte) | 0x20) - 'a' + 10;
            if (digit < 10 || digit > 15) { return false; }
        }
        value = value << 4 | digit;
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
