using static ClinicFlow.SampleMaker.WordMarkup;

namespace ClinicFlow.SampleMaker;

/// <summary>
/// The sample's template: a clinic's consent form of three pages, with Word's own merge fields and tags side by side,
/// as templates that several people edited have them.
/// </summary>
internal static class ConsentTemplate
{
    private const string Namespaces = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
        + " xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\""
        + " xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\" xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\""
        + " xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\" mc:Ignorable=\"w14\"";

    private const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    private const string KeepNext = "<w:keepNext/>";

    private static readonly string[] ClinicAddress = ["12 Lakeshore Promenade", "Northmere NM1 2CL", "Telephone +44 1632 960 100", "reception@st-aurelia.example"];

    private static readonly string[] GeneralRisks =
    [
        "**Bleeding and bruising.** Usually harmless; rarely so much blood is lost that a transfusion or a second operation becomes necessary. Infections through donated blood are extremely rare today.",
        "**Infection of the wound.** It shows as redness, warmth, swelling or fever and is treated with antibiotics or by opening the wound; an infection of the whole body (sepsis) is very rare.",
        "**Thrombosis and embolism.** Clots can form in the veins of the legs and be carried into the lungs. Early walking, compression stockings and injections lower the risk.",
        "**Damage to nerves, vessels and skin** through the operation itself, through lying still for long, through disinfectants or through electric current, with numbness, weakness or scars that may remain.",
        "**Allergic reactions** to medicines, latex or dressings, from itching to failure of the circulation, which needs treatment in intensive care.",
    ];

    private static readonly string[] Instructions =
    [
        "Do not eat for six hours before the anaesthesia; clear fluids are allowed until two hours before it. Do not smoke on that day.",
        "Leave jewellery, piercings, contact lenses and nail varnish at home, and bring all findings, X-rays and passes (allergy, pacemaker, anticoagulation) with you.",
        "For 24 hours after an anaesthesia or sedation you must not drive, operate machines, sign contracts or look after children alone. Have somebody take you home.",
        "Call us at once, day and night, on **+44 1632 960 110** if you have fever, growing pain, bleeding, shortness of breath or a swollen leg.",
    ];

    /// <summary>All parts of the package by name, in the order they are stored.</summary>
    public static IReadOnlyList<(string Name, byte[] Content)> MakeParts()
    {
        // The stories share one counter of ids, as Word's do.
        var markup = new WordMarkup();
        return
        [
            ("[Content_Types].xml", Xml(ContentTypes)),
            ("_rels/.rels", Xml(PackageRelationships)),
            ("word/document.xml", Xml(MakeBody(markup))),
            ("word/_rels/document.xml.rels", Xml(DocumentRelationships)),
            ("word/header1.xml", Xml(MakeLetterhead(markup))),
            ("word/_rels/header1.xml.rels", Xml(HeaderRelationships)),
            ("word/header2.xml", Xml(MakeRunningHeader(markup))),
            ("word/footer1.xml", Xml(MakeFooter(markup))),
            ("word/footnotes.xml", Xml(MakeFootnotes(markup))),
            ("word/media/image1.png", Logo.DrawPng()),
            ("word/theme/theme1.xml", Xml(Resources.Read("theme1.xml"))),
            ("word/settings.xml", Xml(Resources.Read("settings.xml"))),
            ("word/styles.xml", Xml(Resources.Read("styles.xml"))),
            ("word/numbering.xml", Xml(Resources.Read("numbering.xml"))),
            ("word/fontTable.xml", Xml(Resources.Read("fontTable.xml"))),
            ("docProps/core.xml", Xml(CoreProperties)),
            ("docProps/app.xml", Xml(AppProperties)),
        ];
    }

    private static string MakeBody(WordMarkup m)
    {
        var body = m.Paragraph("Title", "Informed Consent")
            + m.Paragraph("Subtitle", "{{procedure}}{{#if side}}, {{side}} side{{/if}}")
            + MakePatientTable(m)
            + m.ParagraphOf("", m.Text("Dear {{#if minor}}{{firstName}}{{else}}") + MakeSalutation(m) + m.Text(" «lastName»{{/if}}, on {{operationDate | date:\"d MMMM yyyy\"}} you are to have the operation named above. Before you decide, we want you to know what will happen, what you can expect of it, and what can go wrong. Please read these pages at your leisure, mark whatever is unclear, and ask {{physician}} all your questions. You can withdraw your consent at any time, without giving reasons and without any disadvantage for your further treatment."), "<w:spacing w:before=\"200\"/>")
            + m.Paragraph("", "{{#if minor}}")
            + m.Paragraph("Notice", "**For minors.** {{firstName}} is under 18 years of age. This consent is therefore given by {{guardian.name}} ({{guardian.relation}}), who can be reached at {{guardian.phone}}. We explain the operation to {{firstName}} as well, in words that fit the age, and will not act against a clearly stated will unless health is in serious danger.")
            + m.Paragraph("", "{{/if}}")
            + m.Paragraph("Heading1", "Why we recommend the operation")
            + m.Paragraph("", "Your examinations have led to this diagnosis: **«diagnosis»**. In the view of the department of {{department}} an operation offers you the best prospects, because the cause of your complaints can be treated and not only their signs. The decision was reached together with you, after weighing how severe your complaints are, how they have developed, and which other illnesses you have. There is no certainty of success; we can only promise to work with all the care that the rules of our profession demand.")
            + m.Paragraph("Heading1", "What will happen")
            + m.Paragraph("", "{{course}}")
            + m.Paragraph("", "The operation takes about «durationMinutes|\\# \"0\"» minutes and is done under {{anaesthesia}}; {{surgeon}} is responsible for it. Should something unforeseen come to light, the surgeon may have to widen or change the operation while you are asleep. We ask you to agree to this in advance as far as the change is medically necessary and cannot wait until you can decide for yourself. Tissue that is removed is examined under the microscope and kept for as long as the law requires.")
            + m.ParagraphOf("", Run("You are admitted on ") + m.Text("«admissionDate|\\@ \"dddd, d MMMM\"»") + MakeStay(m))
            + m.Paragraph("Heading2", "Other ways of treatment")
            + m.Paragraph("", "{{alternatives}} Doing nothing for now is also possible; we have discussed with you how the illness is likely to go on in that case.")
            + m.Paragraph("Heading1", "Risks")
            + m.ParagraphOf("", m.Text("No operation is free of risk. The following can happen even when everything is done as it should be; how often is given in words with a fixed meaning.")
                + "<w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr><w:footnoteReference w:id=\"1\"/></w:r>" + Run(" Some of it would call for a further operation or a longer stay."), KeepNext)
            + m.Paragraph("Heading2", "With every operation")
            + string.Concat(GeneralRisks.Select(risk => m.Paragraph("ListParagraph", risk, Numbered(2))))
            + m.Paragraph("Heading2", "With this operation in particular")
            + m.Paragraph("", "{{#each risks}}")
            + m.Paragraph("ListParagraph", "{{this}}", Numbered(2))
            + m.Paragraph("", "{{/each}}")
            + m.Paragraph("Heading1", "Before and after the operation")
            + string.Concat(Instructions.Select(line => m.Paragraph("ListParagraph", line, Numbered(3))))
            + m.Paragraph("Heading1", "Your medicines")
            + m.Paragraph("", "{{#if medications}}")
            + m.Paragraph("", "You have told us that you take the medicines below. Please correct the list if anything is missing, herbal and over-the-counter products included, and do not stop any of them on your own.", KeepNext)
            + MakeMedicationTable(m)
            + m.Paragraph("", "{{else}}")
            + m.Paragraph("", "You have told us that you take **no medicines** regularly. Please let us know at once if this changes before the operation; this includes herbal and over-the-counter products.")
            + m.Paragraph("", "{{/if}}")
            + m.Paragraph("Heading1", "Your data")
            + m.Paragraph("", "Your findings, this form and the report on your operation are kept in the clinic’s records under the number **{{mrn}}**. Only those who treat you may read them, and every access is recorded. They are passed on to others, such as your insurer or your general practitioner, only where the law demands it or where you agree to it below. You can ask at any time what is stored about you, have mistakes corrected, and receive a copy; our data protection officer answers your questions under +44 1632 960 104.")
            + m.Paragraph("Heading1", "Notes on the conversation")
            + MakeNotes(m)
            + m.Paragraph("Heading1", "Your consent")
            + m.ParagraphOf("", MakeInterpreter(m) + Run("I have read and understood this form. My questions have been answered in words that I understand, and I have had enough time to decide. I agree to what is ticked:"), KeepNext)
            + MakeConsents(m)
            + MakeSignatures(m);

        const string section = "<w:sectPr w:rsidR=\"00A71C00\"><w:headerReference w:type=\"default\" r:id=\"rId6\"/><w:headerReference w:type=\"first\" r:id=\"rId5\"/>"
            + "<w:footerReference w:type=\"default\" r:id=\"rId7\"/><w:footerReference w:type=\"first\" r:id=\"rId7\"/>"
            + "<w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1304\" w:right=\"1134\" w:bottom=\"1134\" w:left=\"1361\" w:header=\"567\" w:footer=\"510\" w:gutter=\"0\"/><w:cols w:space=\"708\"/><w:titlePg/></w:sectPr>";
        return $"{Declaration}<w:document {Namespaces}><w:body>\n{body}{section}</w:body></w:document>";
    }

    private static string MakePatientTable(WordMarkup m)
    {
        int[] widths = [1530, 3376, 1530, 2975];
        string Label(string text) => Cell(1530, m.Paragraph("Label", text), "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"EEF6F7\"/>");
        string Value(string text, int column) => Cell(widths[column], m.Paragraph("CellText", text));
        string Wide(string runs) => Cell(widths[1..].Sum(), m.ParagraphOf("CellText", runs), "<w:gridSpan w:val=\"3\"/>");
        const string whole = "<w:cantSplit/>";
        return Table("PatientData", "w:val=\"0480\" w:firstRow=\"0\" w:lastRow=\"0\" w:firstColumn=\"1\" w:lastColumn=\"0\" w:noHBand=\"0\" w:noVBand=\"1\"", widths,
            m.Row(whole, Label("Patient"), Value("**«lastName»**, «firstName»", 1), Label("MRN"), Value("**{{mrn}}**", 3)),
            m.Row(whole, Label("Date of birth"), Value("«birthDate|\\@ \"d MMMM yyyy\"»", 1), Label("Sex"), Value("{{sex | map:\"f=female;m=male;x=diverse\"}}", 3)),
            m.Row(whole, Label("Address"), Value("{{address.street}}\n{{address.postalCode}} {{address.city}}, {{address.country}}", 1), Label("Phone"), Value("«phone»\n«email»", 3)),
            m.Row(whole, Label("Insurance"), Value("«insurer»", 1), Label("Insurance no."), Value("{{insuranceNumber}}", 3)),
            m.Row(whole, Label("Operation"), Value("{{operationDate | date:\"ddd d MMMM yyyy\"}}, {{operationTime}}", 1), Label("Surgeon"), Value("{{surgeon}}", 3)),
            m.Row(whole, Label("Diagnosis"), Wide(m.Text("«diagnosis»"))),
            m.Row(whole, Label("Allergies"), Wide(MakeAllergies(m))));
    }

    // { IF { MERGEFIELD allergies } = "" "none known" "{ MERGEFIELD allergies }" }
    private static string MakeAllergies(WordMarkup m)
    {
        const string alarm = "<w:b/><w:bCs/><w:color w:val=\"B3261E\"/>";
        var instruction = Instruction(" IF ") + m.MergeField("allergies") + Instruction(" = \"\" \"none known\" \"") + m.MergeField("allergies", alarm) + Instruction("\" ");
        return Field(instruction, Run("none known", "<w:noProof/>"));
    }

    // { IF { MERGEFIELD sex } = "f" "Ms" { IF { MERGEFIELD sex } = "m" "Mr" "Mx" } }
    private static string MakeSalutation(WordMarkup m)
    {
        var inner = Field(Instruction(" IF ") + m.MergeField("sex") + Instruction(" = \"m\" \"Mr\" \"Mx\" "), Run("Mr", "<w:noProof/>"));
        return Field(Instruction(" IF ") + m.MergeField("sex") + Instruction(" = \"f\" \"Ms\" ") + inner + Instruction(" "), Run("Ms", "<w:noProof/>"));
    }

    // { IF { MERGEFIELD nights } = 0 "…" "… { IF { MERGEFIELD nights } = 1 "one night" "{ MERGEFIELD nights } nights" }" }
    private static string MakeStay(WordMarkup m)
    {
        var nights = Field(Instruction(" IF ") + m.MergeField("nights") + Instruction(" = 1 \"one night\" \"") + m.MergeField("nights") + Instruction(" nights\" "), Run("one night", "<w:noProof/>"));
        var stay = Field(
            Instruction(" IF ") + m.MergeField("nights") + Instruction(" = 0 \"and can go home on the same day\" \"and can expect to stay for ") + nights + Instruction("\" "),
            Run("and can go home on the same day", "<w:noProof/>"));
        return Run(" ") + stay + Run(". Most patients can take up light activities within two weeks; full recovery takes between two weeks and six months, depending on the operation and on your general health. We will see you again for a check-up after about ten days, and your general practitioner receives a report on the day you leave.");
    }

    private static string MakeInterpreter(WordMarkup m)
    {
        var instruction = Instruction(" IF ") + m.MergeField("interpreter") + Instruction(" <> \"\" \"The conversation was interpreted (") + m.MergeField("interpreter") + Instruction("). \" \"\" ");
        return Field(instruction, Run("The conversation was interpreted («interpreter»). ", "<w:noProof/>"));
    }

    private static string MakeMedicationTable(WordMarkup m)
    {
        int[] widths = [567, 3686, 1531, 2211, 1416];
        string Head(int column, string text) => Cell(widths[column], m.Paragraph("CellText", text, KeepNext));
        string Body(int column, string text) => Cell(widths[column], m.Paragraph("CellText", text));
        return Table("ClinicTable", "w:val=\"0420\" w:firstRow=\"1\" w:lastRow=\"0\" w:firstColumn=\"0\" w:lastColumn=\"0\" w:noHBand=\"0\" w:noVBand=\"1\"", widths,
            m.Row("<w:cantSplit/><w:tblHeader/>", Head(0, "No."), Head(1, "Medicine"), Head(2, "Dose"), Head(3, "Schedule"), Head(4, "Since")),
            m.Row("<w:cantSplit/>", Body(0, "{{#each medications}}{{@index}}"), Body(1, "**{{name}}**"), Body(2, "{{dose}}"), Body(3, "{{schedule}}"), Body(4, "{{since | date:\"MMM yyyy\"}}{{/each}}")));
    }

    // Lines for handwriting: what was asked, special risks, what was declined.
    private static string MakeNotes(WordMarkup m)
    {
        const string lines = "<w:tblBorders><w:bottom w:val=\"dotted\" w:sz=\"6\" w:space=\"0\" w:color=\"8FA6AA\"/><w:insideH w:val=\"dotted\" w:sz=\"6\" w:space=\"0\" w:color=\"8FA6AA\"/></w:tblBorders>";
        var rows = Enumerable.Range(0, 4).Select(row => m.Row(
            "<w:cantSplit/><w:trHeight w:val=\"425\" w:hRule=\"exact\"/>",
            Cell(9411, m.Paragraph("Label", row == 0 ? "Questions, particular risks, what was declined:" : "", KeepNext))));
        return Table("TableNormal", "w:val=\"0000\" w:firstRow=\"0\" w:lastRow=\"0\" w:firstColumn=\"0\" w:lastColumn=\"0\" w:noHBand=\"0\" w:noVBand=\"0\"", [9411], [.. rows])
            .Replace("<w:tblLayout w:type=\"fixed\"/>", lines + "<w:tblLayout w:type=\"fixed\"/>", StringComparison.Ordinal);
    }

    private static string MakeConsents(WordMarkup m)
        => m.Paragraph("Tick", "{{checkbox consentProcedure}}\tthe **operation** described above, with changes that prove medically necessary in its course", KeepNext)
            + m.ParagraphOf("Tick", CheckboxControl("consentAnaesthesia", "Consent to anaesthesia", 1_204_418) + m.Text("\tthe **anaesthesia** ({{anaesthesia}}), which the anaesthetist has explained to me"), KeepNext)
            + m.Paragraph("Tick", "{{checkbox consentTransfusion}}\ta **blood transfusion**, should it become necessary", KeepNext)
            + m.Paragraph("Tick", "{{checkbox consentData}}\tthe **exchange of findings** with my insurer («insurer») and my general practitioner", KeepNext)
            + m.Paragraph("Tick", "{{checkbox consentPhotos}}\t**photographs** during the operation, for my records only", KeepNext)
            + m.ParagraphOf("Tick", CheckboxControl("consentResearch", "Consent to research", 1_204_419) + m.Text("\tthe use of removed tissue and anonymous data for **research** (voluntary)"), KeepNext);

    private static string CheckboxControl(string field, string title, int id)
        => $"<w:sdt><w:sdtPr><w:alias w:val=\"{title}\"/><w:tag w:val=\"{field}\"/><w:id w:val=\"{id}\"/><w14:checkbox><w14:checked w14:val=\"0\"/>"
            + "<w14:checkedState w14:val=\"2612\" w14:font=\"MS Gothic\"/><w14:uncheckedState w14:val=\"2610\" w14:font=\"MS Gothic\"/></w14:checkbox></w:sdtPr>"
            + "<w:sdtContent><w:r><w:rPr><w:rFonts w:ascii=\"MS Gothic\" w:eastAsia=\"MS Gothic\" w:hAnsi=\"MS Gothic\" w:hint=\"eastAsia\"/></w:rPr><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>";

    private static string MakeSignatures(WordMarkup m)
    {
        int[] widths = [3700, 284, 3700, 284, 1443];
        const string line = "<w:tcBorders><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"0\" w:color=\"1F3A44\"/></w:tcBorders><w:vAlign w:val=\"bottom\"/>";
        string Empty(int column, string properties = "") => Cell(widths[column], m.Paragraph("CellText", "", KeepNext), properties);
        string Label(int column, string text) => Cell(widths[column], m.Paragraph("Label", text, KeepNext));
        string Filled(int column, string runs) => Cell(widths[column], m.ParagraphOf("CellText", runs, KeepNext), line);
        const string dashed = "<w:tcBorders><w:top w:val=\"dashed\" w:sz=\"4\" w:space=\"0\" w:color=\"7F9AA3\"/><w:left w:val=\"dashed\" w:sz=\"4\" w:space=\"0\" w:color=\"7F9AA3\"/><w:bottom w:val=\"dashed\" w:sz=\"4\" w:space=\"0\" w:color=\"7F9AA3\"/><w:right w:val=\"dashed\" w:sz=\"4\" w:space=\"0\" w:color=\"7F9AA3\"/></w:tcBorders>";
        string Stamp(bool first) => Cell(widths[4], m.Paragraph("Label", first ? "Stamp" : "", KeepNext + "<w:jc w:val=\"center\"/>"), (first ? "<w:vMerge w:val=\"restart\"/>" : "<w:vMerge/>") + dashed);
        const string tall = "<w:cantSplit/><w:trHeight w:val=\"737\" w:hRule=\"atLeast\"/>";
        const string flat = "<w:cantSplit/>";
        var physician = "<w:sdt><w:sdtPr><w:alias w:val=\"Physician\"/><w:tag w:val=\"physician\"/><w:id w:val=\"1204420\"/><w:showingPlcHdr/><w:text/></w:sdtPr>"
            + $"<w:sdtContent>{Run("Name of the physician", "<w:rStyle w:val=\"PlaceholderText\"/>")}</w:sdtContent></w:sdt>";
        return m.Paragraph("CellText", "", KeepNext)
            + Table("TableNormal", "w:val=\"0000\" w:firstRow=\"0\" w:lastRow=\"0\" w:firstColumn=\"0\" w:lastColumn=\"0\" w:noHBand=\"0\" w:noVBand=\"0\"", widths,
                m.Row("<w:cantSplit/><w:trHeight w:val=\"454\" w:hRule=\"atLeast\"/>", Filled(0, m.Text("Northmere, {{consentDate | date:\"d MMMM yyyy\"}}")), Empty(1), Filled(2, physician), Empty(3), Stamp(first: true)),
                m.Row(flat, Label(0, "Place and date"), Empty(1), Label(2, "Informing physician"), Empty(3), Stamp(first: false)),
                m.Row(tall, Filled(0, ""), Empty(1), Filled(2, ""), Empty(3), Stamp(first: false)),
                m.Row(flat, Label(0, "Signature: {{firstName}} {{lastName}}"), Empty(1), Label(2, "Signature: {{physician}}"), Empty(3), Stamp(first: false)),
                m.Row(tall, Cell(widths[0], m.Paragraph("CellText", "{{#if minor}}", KeepNext), line), Empty(1), Empty(2), Empty(3), Stamp(first: false)),
                m.Row(flat, Label(0, "Signature: {{guardian.name}} ({{guardian.relation}})"), Empty(1), Label(2, ""), Empty(3),
                    Cell(widths[4], m.Paragraph("CellText", "{{/if}}"), "<w:vMerge/>" + dashed)))
            + m.Paragraph("Label", "One copy of this form remains in the clinic’s records; you receive another.", "<w:spacing w:before=\"120\"/>");
    }

    private static string MakeLetterhead(WordMarkup m)
    {
        int[] widths = [1247, 4706, 3458];
        const string name = "<w:b/><w:bCs/><w:color w:val=\"0B5D6B\"/><w:sz w:val=\"36\"/><w:szCs w:val=\"36\"/>";
        var logo = Cell(widths[0], m.ParagraphOf("Header", Picture));
        var title = Cell(widths[1], m.ParagraphOf("Header", Run("St. Aurelia Clinic", name)) + m.ParagraphOf("Header", Run("Centre for Inpatient Care and Day Surgery", "<w:sz w:val=\"20\"/><w:szCs w:val=\"20\"/>")) + m.Paragraph("Header", "Department of {{department}}"), "<w:vAlign w:val=\"center\"/>");
        var address = Cell(widths[2], string.Concat(ClinicAddress.Select(line => m.ParagraphOf("Header", Run(line), "<w:jc w:val=\"right\"/>"))), "<w:vAlign w:val=\"center\"/>");
        var table = Table("TableNormal", "w:val=\"0000\" w:firstRow=\"0\" w:lastRow=\"0\" w:firstColumn=\"0\" w:lastColumn=\"0\" w:noHBand=\"0\" w:noVBand=\"0\"", widths, m.Row("<w:cantSplit/>", logo, title, address))
            .Replace("<w:tblLayout w:type=\"fixed\"/>", "<w:tblBorders><w:bottom w:val=\"single\" w:sz=\"12\" w:space=\"0\" w:color=\"168691\"/></w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left w:w=\"0\" w:type=\"dxa\"/><w:bottom w:w=\"85\" w:type=\"dxa\"/><w:right w:w=\"0\" w:type=\"dxa\"/></w:tblCellMar>", StringComparison.Ordinal);
        return $"{Declaration}<w:hdr {Namespaces}>\n{table}{m.Paragraph("Header", "")}</w:hdr>";
    }

    private static string MakeRunningHeader(WordMarkup m)
    {
        const string simple = "<w:fldSimple w:instr=\" MERGEFIELD lastName \"><w:r><w:rPr><w:noProof/></w:rPr><w:t>«lastName»</w:t></w:r></w:fldSimple>";
        var line = m.ParagraphOf("Header", m.Text("St. Aurelia Clinic · {{procedure}}\t") + simple + m.Text(", «firstName», born {{birthDate | date:\"d MMM yyyy\"}}"),
            "<w:pBdr><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"4\" w:color=\"168691\"/></w:pBdr>");
        return $"{Declaration}<w:hdr {Namespaces}>\n{line}</w:hdr>";
    }

    private static string MakeFooter(WordMarkup m)
    {
        var line = m.ParagraphOf("Footer", m.Text("MRN {{mrn}}\tConsent form CF-204 · version 7\tPage ") + LayoutField("PAGE", "1") + Run(" of ") + LayoutField("NUMPAGES", "3"));
        return $"{Declaration}<w:ftr {Namespaces}>\n{line}</w:ftr>";
    }

    private static string MakeFootnotes(WordMarkup m)
    {
        const string mark = "<w:r><w:rPr><w:rStyle w:val=\"FootnoteReference\"/></w:rPr><w:footnoteRef/></w:r>";
        var note = m.ParagraphOf("FootnoteText", mark + Run(" Very common: more than 1 in 10 patients; common: up to 1 in 10; uncommon: up to 1 in 100; rare: up to 1 in 1,000; very rare: fewer than 1 in 10,000."));
        const string tight = "<w:spacing w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/>";
        return $"{Declaration}<w:footnotes {Namespaces}>\n<w:footnote w:type=\"separator\" w:id=\"-1\">{m.ParagraphOf("", "<w:r><w:separator/></w:r>", tight)}</w:footnote>"
            + $"<w:footnote w:type=\"continuationSeparator\" w:id=\"0\">{m.ParagraphOf("", "<w:r><w:continuationSeparator/></w:r>", tight)}</w:footnote><w:footnote w:id=\"1\">{note}</w:footnote></w:footnotes>";
    }

    private static string Numbered(int list) => $"<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"{list}\"/></w:numPr>";

    private static byte[] Xml(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    // 18 mm a side.
    private const string Picture = "<w:r><w:rPr><w:noProof/></w:rPr><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"648000\" cy=\"648000\"/><wp:effectExtent l=\"0\" t=\"0\" r=\"0\" b=\"0\"/>"
        + "<wp:docPr id=\"1\" name=\"Logo\" descr=\"The clinic’s mark: a white cross over two waves\"/><wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect=\"1\"/></wp:cNvGraphicFramePr>"
        + "<a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr><pic:cNvPr id=\"1\" name=\"logo.png\"/><pic:cNvPicPr/></pic:nvPicPr>"
        + "<pic:blipFill><a:blip r:embed=\"rId1\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"648000\" cy=\"648000\"/></a:xfrm>"
        + "<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>";

    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string WordType = "application/vnd.openxmlformats-officedocument.wordprocessingml";

    private const string ContentTypes = Declaration + "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"png\" ContentType=\"image/png\"/>"
        + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
        + $"<Override PartName=\"/word/document.xml\" ContentType=\"{WordType}.document.main+xml\"/><Override PartName=\"/word/styles.xml\" ContentType=\"{WordType}.styles+xml\"/>"
        + $"<Override PartName=\"/word/settings.xml\" ContentType=\"{WordType}.settings+xml\"/><Override PartName=\"/word/numbering.xml\" ContentType=\"{WordType}.numbering+xml\"/>"
        + $"<Override PartName=\"/word/fontTable.xml\" ContentType=\"{WordType}.fontTable+xml\"/><Override PartName=\"/word/footnotes.xml\" ContentType=\"{WordType}.footnotes+xml\"/>"
        + $"<Override PartName=\"/word/header1.xml\" ContentType=\"{WordType}.header+xml\"/><Override PartName=\"/word/header2.xml\" ContentType=\"{WordType}.header+xml\"/>"
        + $"<Override PartName=\"/word/footer1.xml\" ContentType=\"{WordType}.footer+xml\"/><Override PartName=\"/word/theme/theme1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.theme+xml\"/>"
        + "<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>"
        + "<Override PartName=\"/docProps/app.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.extended-properties+xml\"/></Types>";

    private const string PackageRelationships = Declaration + "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        + $"<Relationship Id=\"rId1\" Type=\"{Office}/officeDocument\" Target=\"word/document.xml\"/>"
        + "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>"
        + $"<Relationship Id=\"rId3\" Type=\"{Office}/extended-properties\" Target=\"docProps/app.xml\"/></Relationships>";

    private const string DocumentRelationships = Declaration + "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        + $"<Relationship Id=\"rId1\" Type=\"{Office}/styles\" Target=\"styles.xml\"/><Relationship Id=\"rId2\" Type=\"{Office}/numbering\" Target=\"numbering.xml\"/>"
        + $"<Relationship Id=\"rId3\" Type=\"{Office}/settings\" Target=\"settings.xml\"/><Relationship Id=\"rId4\" Type=\"{Office}/footnotes\" Target=\"footnotes.xml\"/>"
        + $"<Relationship Id=\"rId5\" Type=\"{Office}/header\" Target=\"header1.xml\"/><Relationship Id=\"rId6\" Type=\"{Office}/header\" Target=\"header2.xml\"/>"
        + $"<Relationship Id=\"rId7\" Type=\"{Office}/footer\" Target=\"footer1.xml\"/><Relationship Id=\"rId8\" Type=\"{Office}/fontTable\" Target=\"fontTable.xml\"/>"
        + $"<Relationship Id=\"rId9\" Type=\"{Office}/theme\" Target=\"theme/theme1.xml\"/></Relationships>";

    private const string HeaderRelationships = Declaration + "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        + $"<Relationship Id=\"rId1\" Type=\"{Office}/image\" Target=\"media/image1.png\"/></Relationships>";

    private const string CoreProperties = Declaration + "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
        + " xmlns:dcterms=\"http://purl.org/dc/terms/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>Informed Consent</dc:title><dc:creator>St. Aurelia Clinic</dc:creator>"
        + "<cp:lastModifiedBy>St. Aurelia Clinic</cp:lastModifiedBy><cp:revision>7</cp:revision><dcterms:created xsi:type=\"dcterms:W3CDTF\">2026-01-12T08:00:00Z</dcterms:created>"
        + "<dcterms:modified xsi:type=\"dcterms:W3CDTF\">2026-09-28T14:30:00Z</dcterms:modified><dc:language>en-GB</dc:language></cp:coreProperties>";

    private const string AppProperties = Declaration + "<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Template>Normal.dotm</Template><Pages>3</Pages>"
        + "<Application>Microsoft Office Word</Application><Company>St. Aurelia Clinic</Company><AppVersion>16.0000</AppVersion></Properties>";
}
