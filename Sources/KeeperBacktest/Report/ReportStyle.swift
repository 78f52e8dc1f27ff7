/// The page's looks: light, dark and paper. Colours keep apart for eyes that do not tell red from
/// green (Okabe and Ito, "Color Universal Design", 2008).
enum ReportStyle {
    static let css = screen + shapes + paper

    private static let screen = """
        :root{color-scheme:light dark;--page:#fbfaf7;--card:#fff;--ink:#1c1f24;--soft:#5b6270;
        --line:#d9d9d4;--grid:#e9e8e3;--s1:#0072b2;--range:#0072b233;--gain:#008f68;--loss:#c1490a;
        --bar:#4a7fb0;--won:#008f68;--lost:#c1490a;--h0:#a83806;--h1:#d9722c;--h2:#e8a95c;
        --h3:#9fbfd6;--h4:#cfdde8;--warn:#fdf1e3;--warnline:#e0a25a}
        @media (prefers-color-scheme:dark){:root{--page:#15171b;--card:#1c1f25;--ink:#e9e8e4;
        --soft:#a2a9b5;--line:#383d47;--grid:#2a2e36;--s1:#56b4e9;--range:#56b4e933;--gain:#2fbf97;
        --loss:#ee8653;--bar:#6ea3d3;--won:#2fbf97;--lost:#ee8653;--h0:#d9532a;--h1:#e58a4d;
        --h2:#c99a55;--h3:#5f86a5;--h4:#3d5365;--warn:#33291c;--warnline:#a87431}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
        main{max-width:1120px;margin:0 auto;padding:28px 24px 60px}
        h1{font-size:25px;line-height:1.2;margin:0 0 4px}h2{font-size:20px;margin:44px 0 6px;
        border-top:2px solid var(--ink);padding-top:14px}h3{font-size:15px;margin:0 0 8px}
        p{margin:0 0 8px;max-width:76ch}.soft{color:var(--soft)}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:10px 0;
        font-size:13.5px}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
        .headline,.refused{border:1px solid var(--line);border-radius:8px;padding:16px 20px;
        background:var(--card);margin:14px 0}.refused{background:var(--warn);
        border-color:var(--warnline)}.headline strong{font-size:30px;
        font-variant-numeric:tabular-nums;display:block;line-height:1.2}
        ul{margin:6px 0;padding-left:20px}.tiles{display:grid;gap:10px;margin:14px 0;
        grid-template-columns:repeat(4,minmax(0,1fr))}
        .tiles div{background:var(--card);border:1px solid var(--line);border-radius:8px;
        padding:10px 14px}.tiles b{display:block;font-size:19px;font-weight:600;
        font-variant-numeric:tabular-nums;white-space:nowrap}.tiles span{color:var(--soft);
        font-size:12.5px}
        figure{margin:18px 0;background:var(--card);border:1px solid var(--line);
        border-radius:8px;padding:16px 18px;display:grid;gap:8px 28px;
        grid-template-columns:minmax(0,3fr) minmax(260px,2fr);align-items:start}
        figcaption{grid-column:1/-1}figcaption p{font-size:13.5px;color:var(--soft);margin:0}
        figure.wide{grid-template-columns:minmax(0,1fr)}@media (max-width:860px){
        figure{grid-template-columns:minmax(0,1fr)}.tiles{grid-template-columns:repeat(2,1fr)}}
        svg{width:100%;height:auto;display:block}
        .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:13px}
        caption{text-align:left;color:var(--soft);padding-bottom:4px}
        th,td{padding:3px 0 3px 12px;border-bottom:1px solid var(--grid);text-align:right;
        font-variant-numeric:tabular-nums;white-space:nowrap;font-weight:400}
        th:first-child{text-align:left;padding-left:0;white-space:normal}
        thead th{color:var(--soft);border-bottom-color:var(--line)}
        .key{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:12.5px;color:var(--soft)}
        .key i{display:inline-block;width:11px;height:11px;border-radius:2px;margin-right:5px}

        """

    private static let shapes = """
        svg text{font-size:11.5px;fill:var(--soft)}svg .value{fill:var(--ink);font-size:11.5px;
        font-variant-numeric:tabular-nums}svg .tick{font-variant-numeric:tabular-nums}
        .grid{stroke:var(--grid)}.base,.zero{stroke:var(--soft);stroke-opacity:.6}
        .s1{fill:none;stroke:var(--s1);stroke-width:1.8;stroke-linejoin:round}
        .range{fill:var(--range)}.bar{fill:var(--bar)}.gain{fill:var(--gain)}
        .loss{fill:var(--loss)}.dot{fill:var(--s1);stroke:var(--card);stroke-width:1.5}
        .stroke{stroke:var(--ink);stroke-width:1.6}
        .won{fill:var(--won);stroke:var(--card)}.lost{fill:var(--card);stroke:var(--lost);
        stroke-width:1.8}.h0{fill:var(--h0)}.h1{fill:var(--h1)}.h2{fill:var(--h2)}
        .h3{fill:var(--h3)}.h4{fill:var(--h4)}
        i.h0{background:var(--h0)}i.h1{background:var(--h1)}i.h2{background:var(--h2)}
        i.h3{background:var(--h3)}i.h4{background:var(--h4)}
        i.won{background:var(--won);border-radius:50%}
        i.lost{background:none;border:2px solid var(--lost);border-radius:50%}

        """

    private static let paper = """
        @media print{:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#000;--soft:#444;
        --line:#bbb;--grid:#ddd;--s1:#0072b2;--range:#0072b233;--gain:#008f68;--loss:#c1490a;
        --bar:#4a7fb0;--won:#008f68;--lost:#c1490a;--h0:#a83806;--h1:#d9722c;--h2:#e8a95c;
        --h3:#9fbfd6;--h4:#cfdde8;--warn:#fff;--warnline:#c1490a}
        @page{size:A4;margin:14mm}body{font-size:10.5pt;print-color-adjust:exact;
        -webkit-print-color-adjust:exact}main{max-width:none;padding:0}
        figure{break-inside:avoid;padding:10px 12px;margin:10px 0;gap:6px 16px;
        grid-template-columns:minmax(0,3fr) minmax(200px,2fr)}table{font-size:8.5pt}
        h2,h3{break-after:avoid}
        .tiles{grid-template-columns:repeat(4,1fr)}.tiles b{font-size:12pt}figure.wide{
        grid-template-columns:minmax(0,1fr)}.headline,.refused{break-inside:avoid}
        .scroll{overflow:visible}}
        """
}
