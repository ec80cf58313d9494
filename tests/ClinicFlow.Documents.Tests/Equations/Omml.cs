namespace ClinicFlow.Documents.Tests.Equations;

/// <summary>Office Math as Word writes it, in the fewest words.</summary>
internal static class Omml
{
    public const string Names = "xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\"";

    public static string Run(string text, string properties = "", string look = "") =>
        $"<m:r>{(properties.Length > 0 ? $"<m:rPr>{properties}</m:rPr>" : "")}<w:rPr><w:rFonts w:ascii=\"Cambria Math\" w:hAnsi=\"Cambria Math\"/>{look}</w:rPr><m:t xml:space=\"preserve\">{text}</m:t></m:r>";

    public static string Upright(string text) => Run(text, "<m:sty m:val=\"p\"/>");

    public static string Fraction(string over, string under, string type = "bar") => $"<m:f><m:fPr><m:type m:val=\"{type}\"/></m:fPr><m:num>{over}</m:num><m:den>{under}</m:den></m:f>";

    public static string Sup(string content, string above) => $"<m:sSup><m:e>{content}</m:e><m:sup>{above}</m:sup></m:sSup>";

    public static string SubSup(string content, string below, string above) => $"<m:sSubSup><m:e>{content}</m:e><m:sub>{below}</m:sub><m:sup>{above}</m:sup></m:sSubSup>";

    public static string Pre(string content, string below, string above) => $"<m:sPre><m:sub>{below}</m:sub><m:sup>{above}</m:sup><m:e>{content}</m:e></m:sPre>";

    public static string Root(string content, string degree = "") => $"<m:rad><m:radPr>{(degree.Length == 0 ? "<m:degHide m:val=\"1\"/>" : "")}</m:radPr><m:deg>{degree}</m:deg><m:e>{content}</m:e></m:rad>";

    public static string Nary(string sign, string below, string above, string content, string properties = "") =>
        $"<m:nary><m:naryPr><m:chr m:val=\"{sign}\"/>{properties}</m:naryPr><m:sub>{below}</m:sub><m:sup>{above}</m:sup><m:e>{content}</m:e></m:nary>";

    public static string Brackets(string content, string properties = "") => $"<m:d><m:dPr>{properties}</m:dPr><m:e>{content}</m:e></m:d>";

    public static string Function(string name, string argument) => $"<m:func><m:fName>{name}</m:fName><m:e>{argument}</m:e></m:func>";

    public static string Limit(string content, string bound, bool isAbove = false) => isAbove ? $"<m:limUpp><m:e>{content}</m:e><m:lim>{bound}</m:lim></m:limUpp>" : $"<m:limLow><m:e>{content}</m:e><m:lim>{bound}</m:lim></m:limLow>";

    public static string Matrix(string[][] rows, string properties = "") =>
        $"<m:m><m:mPr>{properties}</m:mPr>{string.Concat(rows.Select(row => $"<m:mr>{string.Concat(row.Select(cell => $"<m:e>{cell}</m:e>"))}</m:mr>"))}</m:m>";

    public static string Array(params string[] rows) => $"<m:eqArr>{string.Concat(rows.Select(row => $"<m:e>{row}</m:e>"))}</m:eqArr>";

    /// <summary>A paragraph with an equation among words.</summary>
    public static string Among(string before, string math, string behind) =>
        $"<w:p><w:r><w:t xml:space=\"preserve\">{before}</w:t></w:r><m:oMath {Names}>{math}</m:oMath><w:r><w:t xml:space=\"preserve\">{behind}</w:t></w:r></w:p>";

    /// <summary>A paragraph that is one or more equations.</summary>
    public static string Alone(params string[] maths) => Displayed("", maths);

    /// <summary>The same with an alignment.</summary>
    public static string Displayed(string alignment, params string[] maths) =>
        $"<w:p><m:oMathPara {Names}>{(alignment.Length > 0 ? $"<m:oMathParaPr><m:jc m:val=\"{alignment}\"/></m:oMathParaPr>" : "")}{string.Concat(maths.Select(math => $"<m:oMath>{math}</m:oMath>"))}</m:oMathPara></w:p>";
}
