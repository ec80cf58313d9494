namespace ClinicFlow.Documents.Data;

/// <summary>Bounds, so that a hostile source costs bounded memory. What Excel itself can hold is within them.</summary>
internal static class RecordLimits
{
    /// <summary>Columns of a table; what a sheet of Excel has.</summary>
    public const int MaxColumns = 16_384;

    /// <summary>Rows of a sheet; what a sheet of Excel has.</summary>
    public const int MaxSheetRows = 1_048_576;

    /// <summary>One cell, in bytes of UTF-8 (CSV) or characters (XLSX).</summary>
    public const int MaxCell = 1 << 20;

    /// <summary>One row of a CSV file, in bytes of UTF-8.</summary>
    public const int MaxCsvRowBytes = 4 << 20;

    /// <summary>One record of a JSON file: it may hold an image as base64.</summary>
    public const int MaxJsonRecordBytes = 64 << 20;

    /// <summary>How deep JSON may nest.</summary>
    public const int MaxJsonDepth = 64;

    /// <summary>A column's name, in characters.</summary>
    public const int MaxColumnName = 1024;

    /// <summary>How much of a text file is looked at to tell its encoding.</summary>
    public const int SampleBytes = 1 << 20;

    /// <summary>A workbook's own size.</summary>
    public const long MaxXlsxBytes = 256L << 20;

    /// <summary>How many entries a workbook's ZIP may have.</summary>
    public const int MaxXlsxEntries = 4096;

    /// <summary>All entries of a workbook together, inflated.</summary>
    public const long MaxXlsxInflatedBytes = 2L << 30;

    /// <summary>The shared strings, styles or another part that is held in memory, inflated.</summary>
    public const long MaxXlsxHeldPartBytes = 256L << 20;

    /// <summary>Inflated over compressed size of one entry, once it is over 4 MiB. Sheets of equal rows reach 100.</summary>
    public const int MaxXlsxRatio = 500;
}
