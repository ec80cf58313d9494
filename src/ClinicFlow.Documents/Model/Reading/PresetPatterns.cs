namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Patterns of fills (ST_PresetPatternVal, §20.1.10.51): eight rows of eight dots, the first row and the leftmost dot in the highest bits. Those of which the dots are not certain are not here.</summary>
internal static class PresetPatterns
{
    /// <summary>The dots of a pattern; null for none that is known.</summary>
    public static ulong? Of(string? preset) => preset switch
    {
        "pct5" => 0x8000000008000000,
        "pct10" => 0x8000080080000800,
        "pct20" => 0x8800220088002200,
        "pct25" => 0x8822882288228822,
        "pct30" => 0xAA44AA11AA44AA11,
        "pct50" => 0xAA55AA55AA55AA55,
        "pct75" => 0x77FFDDFF77FFDDFF,
        "horz" => 0xFF00000000000000,
        "vert" => 0x8080808080808080,
        "ltHorz" => 0xFF000000FF000000,
        "ltVert" => 0x8888888888888888,
        "dkHorz" => 0xFFFF0000FFFF0000,
        "dkVert" => 0xCCCCCCCCCCCCCCCC,
        "narHorz" => 0xFF00FF00FF00FF00,
        "narVert" => 0xAAAAAAAAAAAAAAAA,
        "cross" or "lgGrid" => 0xFF80808080808080,
        "smGrid" => 0xFF888888FF888888,
        "dnDiag" => 0x8040201008040201,
        "upDiag" => 0x0102040810204080,
        "ltDnDiag" => 0x8844221188442211,
        "ltUpDiag" => 0x1122448811224488,
        "dkDnDiag" => 0xCC663399CC663399,
        "dkUpDiag" => 0x3366CC993366CC99,
        "wdDnDiag" => 0xC1E070381C0E0783,
        "wdUpDiag" => 0x83070E1C3870E0C1,
        "diagCross" => 0x8142241818244281,
        "smCheck" => 0x9966669999666699,
        "lgCheck" => 0xF0F0F0F00F0F0F0F,
        "openDmnd" => 0x8244281028448201,
        "solidDmnd" => 0x10387CFE7C381000,
        "horzBrick" => 0xFF808080FF080808,
        "dashHorz" => 0xF00000000F000000,
        "dashVert" => 0x8080808008080808,
        _ => null,
    };

    /// <summary>The dots of a striped or crossed w:shd (ST_Shd, §17.18.78); null for all others. Dark ones are half full, thin ones a quarter.</summary>
    public static ulong? OfShading(string? pattern) => pattern switch
    {
        null => null,
        "horzStripe" => Of("dkHorz"),
        "vertStripe" => Of("dkVert"),
        "reverseDiagStripe" => Of("dkDnDiag"),
        "diagStripe" => Of("dkUpDiag"),
        "horzCross" => Of("dkHorz") | Of("dkVert"),
        "diagCross" => Of("dkDnDiag") | Of("dkUpDiag"),
        "thinHorzStripe" => Of("ltHorz"),
        "thinVertStripe" => Of("ltVert"),
        "thinReverseDiagStripe" => Of("ltDnDiag"),
        "thinDiagStripe" => Of("ltUpDiag"),
        "thinHorzCross" => Of("smGrid"),
        "thinDiagCross" => Of("ltDnDiag") | Of("ltUpDiag"),
        _ => null,
    };
}
