using System.Globalization;
using System.Text;
using Humanizer;

namespace ClinicFlow.Documents.Model;

/// <summary>Writes counters out: of lists, pages and notes (ST_NumberFormat, ECMA-376 Part 1 §17.18.59).</summary>
internal static class NumberText
{
    private static readonly (int Value, string Letters)[] RomanSteps =
    [
        (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ];

    private static readonly string[] ChicagoMarks = ["*", "†", "‡", "§"];

    private const string RussianLetters = "абвгдежзиклмнопрстуфхцчшщыэюя";
    private const string ArabicAlphabet = "أبتثجحخدذرزسشصضطظعغفقكلمنهوي";
    private const string ArabicNumbers = "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ";
    private const string HebrewAlphabet = "אבגדהוזחטיכלמנסעפצקרשת";
    private const string ThaiAlphabet = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ";
    private const string KoreanSyllables = "가나다라마바사아자차카타파하";
    private const string KoreanLetters = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ";
    private const string AiueoLetters = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン";
    private const string IrohaLetters = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン";
    private static readonly string[] KoreanOnes = ["", "하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉"];
    private static readonly string[] KoreanTens = ["", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"];
    private const string GreekLetters = "αβγδεζηθικλμνξοπρστυφχψω";
    private const string HalfWidthLetters = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ";
    private const string Stems = "甲乙丙丁戊己庚辛壬癸";
    private const string Branches = "子丑寅卯辰巳午未申酉戌亥";

    /// <summary>The format of ST_NumberFormat's name; null where it is not written out here. Without a name: decimal.</summary>
    public static NumberFormat? FormatOf(string? name) => name switch
    {
        null or "decimal" or "decimalHalfWidth" => NumberFormat.Decimal,
        "upperRoman" => NumberFormat.UpperRoman,
        "lowerRoman" => NumberFormat.LowerRoman,
        "upperLetter" => NumberFormat.UpperLetter,
        "lowerLetter" => NumberFormat.LowerLetter,
        "ordinal" => NumberFormat.Ordinal,
        "cardinalText" => NumberFormat.CardinalText,
        "ordinalText" => NumberFormat.OrdinalText,
        "hex" => NumberFormat.Hex,
        "chicago" => NumberFormat.Chicago,
        "bullet" => NumberFormat.Bullet,
        "none" => NumberFormat.None,
        "decimalZero" => NumberFormat.DecimalZero,
        "decimalFullWidth" or "decimalFullWidth2" => NumberFormat.DecimalFullWidth,
        "decimalEnclosedCircle" => NumberFormat.DecimalEnclosedCircle,
        "decimalEnclosedFullstop" => NumberFormat.DecimalEnclosedFullstop,
        "decimalEnclosedParen" => NumberFormat.DecimalEnclosedParen,
        "numberInDash" => NumberFormat.NumberInDash,
        "russianLower" => NumberFormat.RussianLower,
        "russianUpper" => NumberFormat.RussianUpper,
        "hebrew1" => NumberFormat.Hebrew1,
        "hebrew2" => NumberFormat.Hebrew2,
        "arabicAlpha" => NumberFormat.ArabicAlpha,
        "arabicAbjad" => NumberFormat.ArabicAbjad,
        "hindiNumbers" => NumberFormat.HindiNumbers,
        "thaiNumbers" => NumberFormat.ThaiNumbers,
        "thaiLetters" => NumberFormat.ThaiLetters,
        "chineseCounting" => NumberFormat.ChineseCounting,
        "chineseCountingThousand" => NumberFormat.ChineseCountingThousand,
        "chineseLegalSimplified" => NumberFormat.ChineseLegalSimplified,
        "ideographDigital" or "japaneseDigitalTenThousand" => NumberFormat.IdeographDigital,
        "ideographTraditional" => NumberFormat.IdeographTraditional,
        "ideographZodiac" => NumberFormat.IdeographZodiac,
        "japaneseCounting" => NumberFormat.JapaneseCounting,
        "koreanDigital" or "koreanDigital2" => NumberFormat.KoreanDigital,
        "taiwaneseCounting" or "taiwaneseCountingThousand" => NumberFormat.TaiwaneseCounting,
        "aiueoFullWidth" => NumberFormat.Aiueo,
        "irohaFullWidth" => NumberFormat.Iroha,
        "ganada" => NumberFormat.Ganada,
        "chosung" => NumberFormat.Chosung,
        "japaneseLegal" => NumberFormat.JapaneseLegal,
        "koreanCounting" => NumberFormat.KoreanCounting,
        "koreanLegal" => NumberFormat.KoreanLegal,
        "ideographLegalTraditional" => NumberFormat.IdeographLegalTraditional,
        "ideographEnclosedCircle" => NumberFormat.IdeographEnclosedCircle,
        "decimalEnclosedCircleChinese" => NumberFormat.DecimalEnclosedCircleChinese,
        "taiwaneseDigital" => NumberFormat.TaiwaneseDigital,
        "aiueo" => NumberFormat.AiueoHalfWidth,
        "iroha" => NumberFormat.IrohaHalfWidth,
        _ => null,
    };

    /// <summary>A custom format, by the numbers that it begins with ([MS-DOCX], numFmt's attribute <c>format</c>); null where it is not written out here.</summary>
    public static NumberFormat? FormatOfCustom(string? beginning) => beginning?.Split(',')[0].Trim() switch
    {
        "01" => NumberFormat.DecimalZero,
        "001" => NumberFormat.Decimal3,
        "0001" => NumberFormat.Decimal4,
        "00001" => NumberFormat.Decimal5,
        "α" => NumberFormat.GreekLower,
        "Α" => NumberFormat.GreekUpper,
        _ => null,
    };

    /// <summary>Writes a number. Where the format has no form for it, it is decimal.</summary>
    public static string Write(int number, NumberFormat format) => format switch
    {
        NumberFormat.None or NumberFormat.Bullet => "",
        NumberFormat.DecimalZero => number is >= 0 and < 10 ? $"0{number}" : Decimal(number),
        NumberFormat.Decimal3 => number.ToString("000", CultureInfo.InvariantCulture),
        NumberFormat.Decimal4 => number.ToString("0000", CultureInfo.InvariantCulture),
        NumberFormat.Decimal5 => number.ToString("00000", CultureInfo.InvariantCulture),
        NumberFormat.Hex => number.ToString("X", CultureInfo.InvariantCulture),
        NumberFormat.NumberInDash => $"- {Decimal(number)} -",
        _ when number < 1 => Decimal(number),
        NumberFormat.UpperRoman => Roman(number),
        NumberFormat.LowerRoman => Roman(number).ToLowerInvariant(),
        NumberFormat.UpperLetter => Repeated(number, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        NumberFormat.LowerLetter => Repeated(number, "abcdefghijklmnopqrstuvwxyz"),
        NumberFormat.Ordinal => number.Ordinalize(English),
        NumberFormat.CardinalText => Capital(number.ToWords(addAnd: false, culture: English)),
        NumberFormat.OrdinalText => Capital(number.ToOrdinalWords(English)),
        NumberFormat.Chicago => string.Concat(Enumerable.Repeat(ChicagoMarks[(number - 1) % 4], Math.Min(((number - 1) / 4) + 1, 50))),
        NumberFormat.DecimalFullWidth => Digits(number, '０'),
        NumberFormat.DecimalEnclosedCircle => number <= 20 ? $"{(char)('①' + number - 1)}" : Decimal(number),
        NumberFormat.DecimalEnclosedFullstop => number <= 20 ? $"{(char)('⒈' + number - 1)}" : Decimal(number),
        NumberFormat.DecimalEnclosedParen => number <= 20 ? $"{(char)('⑴' + number - 1)}" : Decimal(number),
        NumberFormat.RussianLower => Repeated(number, RussianLetters),
        NumberFormat.RussianUpper => Repeated(number, RussianLetters).ToUpperInvariant(),
        NumberFormat.GreekLower => Repeated(number, GreekLetters),
        NumberFormat.GreekUpper => Repeated(number, GreekLetters).ToUpperInvariant(),
        NumberFormat.Hebrew1 => Hebrew(number),
        NumberFormat.Hebrew2 => Repeated(number, HebrewAlphabet),
        NumberFormat.ArabicAlpha => Repeated(number, ArabicAlphabet),
        NumberFormat.ArabicAbjad => Repeated(number, ArabicNumbers),
        NumberFormat.HindiNumbers => Digits(number, '०'),
        NumberFormat.ThaiNumbers => Digits(number, '๐'),
        NumberFormat.ThaiLetters => Repeated(number, ThaiAlphabet),
        NumberFormat.IdeographDigital => Ideographs(number, "〇一二三四五六七八九"),
        NumberFormat.KoreanDigital => Ideographs(number, "영일이삼사오육칠팔구"),
        NumberFormat.ChineseCounting or NumberFormat.TaiwaneseCounting => Counted(number, "〇一二三四五六七八九", "十百千", "", isTenBare: true),
        NumberFormat.ChineseCountingThousand or NumberFormat.JapaneseCounting => Counted(number, "〇一二三四五六七八九", "十百千", format == NumberFormat.JapaneseCounting ? "" : "零", isTenBare: true),
        NumberFormat.ChineseLegalSimplified => Counted(number, "零壹贰叁肆伍陆柒捌玖", "拾佰仟", "零", isTenBare: false),
        NumberFormat.IdeographTraditional => number <= 10 ? Stems[number - 1].ToString() : Decimal(number),
        NumberFormat.IdeographZodiac => number <= 12 ? Branches[number - 1].ToString() : Decimal(number),
        NumberFormat.Aiueo => AiueoLetters[(number - 1) % AiueoLetters.Length].ToString(),
        NumberFormat.Iroha => IrohaLetters[(number - 1) % IrohaLetters.Length].ToString(),
        NumberFormat.Ganada => KoreanSyllables[(number - 1) % KoreanSyllables.Length].ToString(),
        NumberFormat.JapaneseLegal => Counted(number, "〇壱弐参四伍六七八九", "拾百阡", "", isTenBare: false),
        NumberFormat.KoreanCounting => Counted(number, "영일이삼사오육칠팔구", "십백천", "", isTenBare: true),
        NumberFormat.KoreanLegal => number < 100 ? KoreanTens[number / 10] + KoreanOnes[number % 10] : Decimal(number),
        NumberFormat.IdeographLegalTraditional => Counted(number, "零壹貳參肆伍陸柒捌玖", "拾佰仟", "零", isTenBare: false),
        NumberFormat.IdeographEnclosedCircle => number <= 10 ? $"{(char)('㊀' + number - 1)}" : Decimal(number),
        NumberFormat.DecimalEnclosedCircleChinese => number <= 10 ? $"{(char)('①' + number - 1)}" : Decimal(number),
        NumberFormat.TaiwaneseDigital => Ideographs(number, "○一二三四五六七八九"),
        NumberFormat.AiueoHalfWidth => HalfWidth(AiueoLetters[(number - 1) % AiueoLetters.Length]),
        NumberFormat.IrohaHalfWidth => HalfWidth(IrohaLetters[(number - 1) % IrohaLetters.Length]),
        NumberFormat.Chosung => KoreanLetters[(number - 1) % KoreanLetters.Length].ToString(),
        _ => Decimal(number),
    };

    private static CultureInfo English { get; } = CultureInfo.GetCultureInfo("en-US");

    private static string Decimal(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Roman(int number)
    {
        // Word goes as far; beyond, the text would only grow.
        if (number > 32_767)
        {
            return Decimal(number);
        }

        var text = new StringBuilder();
        foreach (var (value, letters) in RomanSteps)
        {
            for (; number >= value; number -= value)
            {
                text.Append(letters);
            }
        }

        return text.ToString();
    }

    // a … z, aa, bb … zz, aaa.
    private static string Repeated(int number, string letters)
        => number > letters.Length * 30 ? Decimal(number) : new string(letters[(number - 1) % letters.Length], ((number - 1) / letters.Length) + 1);

    // The two old letters have no narrow form.
    private static string HalfWidth(char letter) => AiueoLetters.IndexOf(letter, StringComparison.Ordinal) is >= 0 and var at ? HalfWidthLetters[at].ToString() : letter.ToString();

    private static string Digits(int number, char zero) => string.Concat(Decimal(number).Select(digit => (char)(zero + digit - '0')));

    private static string Ideographs(int number, string digits) => string.Concat(Decimal(number).Select(digit => digits[digit - '0']));

    private static string Counted(int number, string digits, string units, string gap, bool isTenBare)
    {
        if (number > 9999)
        {
            return Decimal(number);
        }

        var text = new StringBuilder();
        var hasGap = false;
        for (var (place, unit) = (3, 1000); place >= 0; place--, unit /= 10)
        {
            var digit = number / unit % 10;
            if (digit == 0)
            {
                hasGap |= text.Length > 0;
                continue;
            }

            text.Append(hasGap ? gap : "");
            hasGap = false;
            if (digit > 1 || place == 0 || !isTenBare || (place == 1 && text.Length > 0) || place > 1)
            {
                text.Append(digits[digit]);
            }

            text.Append(place > 0 ? units[place - 1].ToString() : "");
        }

        return text.ToString();
    }

    // Letters by value; 15 and 16 are not written with the letters of the name of God.
    private static string Hebrew(int number)
    {
        if (number > 999)
        {
            return Decimal(number);
        }

        var text = new StringBuilder();
        for (; number >= 400; number -= 400)
        {
            text.Append('ת');
        }

        text.Append(number >= 100 ? "קרש"[(number / 100) - 1].ToString() : "");
        number %= 100;
        if (number is 15 or 16)
        {
            return text.Append('ט').Append(number == 15 ? 'ו' : 'ז').ToString();
        }

        text.Append(number >= 10 ? "יכלמנסעפצ"[(number / 10) - 1].ToString() : "");
        return text.Append(number % 10 > 0 ? "אבגדהוזחט"[(number % 10) - 1].ToString() : "").ToString();
    }

    private static string Capital(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
}
