using System.Buffers.Binary;
using System.Globalization;
using ClinicFlow.Documents.Unicode;

namespace ClinicFlow.Documents.Tests.Unicode;

/// <summary>Makes <c>properties.bin</c> from the files of Unicode (Debian's package unicode-data).</summary>
internal static class PropertyTable
{
    public const string Folder = "/usr/share/unicode";

    public static byte[] Make()
    {
        var kinds = new uint[0x110000];
        Apply(kinds, "Scripts.txt", (_, value) => Enum.TryParse<Script>(value.Replace("_", "", StringComparison.Ordinal), out var script) ? (uint)script : throw new InvalidDataException(value));
        Apply(kinds, "extracted/DerivedBidiClass.txt", (_, value) => (uint)Enum.Parse<BidiClass>(value) << 8, withMissing: true);
        Apply(kinds, "LineBreak.txt", (_, value) => (uint)Enum.Parse<LineBreakClass>(value) << 13);
        Apply(kinds, "EastAsianWidth.txt", (_, value) => value is "F" or "W" or "H" ? CharacterProperties.Kind.EastAsian : 0);
        Apply(kinds, "DerivedCoreProperties.txt", (_, value) => value == "Default_Ignorable_Code_Point" ? CharacterProperties.Kind.DefaultIgnorable : 0);
        Apply(kinds, "extracted/DerivedGeneralCategory.txt", (_, value) =>
            value is "Mn" or "Mc" ? CharacterProperties.Kind.Mark | CharacterProperties.Kind.Combining : value == "Me" ? CharacterProperties.Kind.Mark : 0);

        var assigned = new bool[0x110000];
        Each("extracted/DerivedGeneralCategory.txt", (code, value) => assigned[code] = value != "Cn");
        Each("emoji/emoji-data.txt", (code, value) => kinds[code] |= value == "Extended_Pictographic" && !assigned[code] ? CharacterProperties.Kind.FuturePictograph : 0);

        // Unassigned ideographs and pictographs break like ideographs (UAX #14, "Unassigned code points").
        for (var code = 0; code < kinds.Length; code++)
        {
            var isIdeographic = code is >= 0x3400 and <= 0x4DBF or >= 0x4E00 and <= 0x9FFF or >= 0xF900 and <= 0xFAFF or >= 0x20000 and <= 0x2FFFD or >= 0x30000 and <= 0x3FFFD
                or >= 0x1F000 and <= 0x1FAFF or >= 0x1FC00 and <= 0x1FFFD;
            var kind = (LineBreakClass)((kinds[code] >> 13) & 0x3F);
            if (kind == LineBreakClass.XX)
            {
                kinds[code] |= (uint)(isIdeographic ? LineBreakClass.ID : code is >= 0x20A0 and <= 0x20CF ? LineBreakClass.PR : LineBreakClass.XX) << 13;
            }
        }

        return Write(kinds, Lines("BidiMirroring.txt").Select(f => (Code(f[0]), Code(f[1]))), Lines("BidiBrackets.txt").Select(f => (Code(f[0]), Code(f[1]), f[2] == "o")));
    }

    private static uint Code(string hex) => uint.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static IEnumerable<string[]> Lines(string file) => File.ReadLines(Path.Combine(Folder, file))
        .Select(line => line.Split('#')[0]).Where(line => line.Contains(';', StringComparison.Ordinal))
        .Select(line => line.Split(';').Select(field => field.Trim()).ToArray());

    private static void Each(string file, Action<int, string> action)
    {
        foreach (var fields in Lines(file))
        {
            var range = fields[0].Split("..");
            for (var code = (int)Code(range[0]); code <= (int)Code(range[^1]); code++)
            {
                action(code, fields[1]);
            }
        }
    }

    private static void Apply(uint[] kinds, string file, Func<int, string, uint> bits, bool withMissing = false)
    {
        if (withMissing)
        {
            // "# @missing: 0590..05FF; Right_To_Left": what unassigned characters are.
            foreach (var line in File.ReadLines(Path.Combine(Folder, file)).Where(line => line.StartsWith("# @missing:", StringComparison.Ordinal)))
            {
                var fields = line["# @missing:".Length..].Split(';');
                var range = fields[0].Trim().Split("..");
                var kind = fields[1].Trim() switch
                {
                    "Left_To_Right" => BidiClass.L,
                    "Right_To_Left" => BidiClass.R,
                    "Arabic_Letter" => BidiClass.AL,
                    "European_Terminator" => BidiClass.ET,
                    var other => throw new InvalidDataException(other),
                };
                for (var code = Code(range[0]); code <= Code(range[1]); code++)
                {
                    kinds[code] = (kinds[code] & ~(0x1Fu << 8)) | ((uint)kind << 8);
                }
            }
        }

        Each(file, (code, value) => kinds[code] = withMissing ? (kinds[code] & ~(0x1Fu << 8)) | bits(code, value) : kinds[code] | bits(code, value));
    }

    private static byte[] Write(uint[] kinds, IEnumerable<(uint, uint)> mirrors, IEnumerable<(uint, uint, bool)> brackets)
    {
        var palette = new Dictionary<uint, ushort>();
        var blocks = new Dictionary<string, ushort>();
        var index = new List<ushort>();
        var blockData = new List<ushort>();
        for (var block = 0; block < CharacterProperties.BlockCount; block++)
        {
            var values = new ushort[1 << CharacterProperties.BlockShift];
            for (var i = 0; i < values.Length; i++)
            {
                var kind = kinds[(block << CharacterProperties.BlockShift) + i];
                values[i] = palette.TryGetValue(kind, out var known) ? known : palette[kind] = (ushort)palette.Count;
            }

            var key = string.Join(',', values);
            if (!blocks.TryGetValue(key, out var number))
            {
                number = blocks[key] = (ushort)blocks.Count;
                blockData.AddRange(values);
            }

            index.Add(number);
        }

        using var output = new MemoryStream();
        U16((ushort)blocks.Count);
        U16((ushort)palette.Count);
        index.ForEach(U16);
        blockData.ForEach(U16);
        foreach (var (kind, _) in palette.OrderBy(pair => pair.Value))
        {
            U32(kind);
        }

        var (mirrorList, bracketList) = (mirrors.ToArray(), brackets.ToArray());
        U16((ushort)mirrorList.Length);
        U16((ushort)bracketList.Length);
        foreach (var (from, to) in mirrorList)
        {
            U32(from);
            U32(to);
        }

        foreach (var (from, to, opens) in bracketList)
        {
            U32(from | (opens ? 0x80000000 : 0));
            U32(to);
        }

        return output.ToArray();

        void U16(ushort value)
        {
            Span<byte> bytes = stackalloc byte[2];
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
            output.Write(bytes);
        }

        void U32(uint value)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            output.Write(bytes);
        }
    }
}
