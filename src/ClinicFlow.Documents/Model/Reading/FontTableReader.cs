using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using ClinicFlow.Documents.Package;

namespace ClinicFlow.Documents.Model.Reading;

/// <summary>Reads fontTable.xml with the fonts that the document brings along.</summary>
internal static class FontTableReader
{
    public static ImmutableArray<FontDeclaration> Read(Element fonts, string part, OpcPackage package)
    {
        if (!fonts.Exists)
        {
            return [];
        }

        var declarations = ImmutableArray.CreateBuilder<FontDeclaration>();
        foreach (var e in fonts.Elements)
        {
            if (e.Is("font") && e["name"] is { Length: > 0 } name)
            {
                declarations.Add(new FontDeclaration(
                    name,
                    e.Child("altName").Val ?? "",
                    Panose(e.Child("panose1").Val),
                    e.Child("family").Val switch { "roman" => FontFamilyKind.Roman, "swiss" => FontFamilyKind.Swiss, "modern" => FontFamilyKind.Modern, "script" => FontFamilyKind.Script, "decorative" => FontFamilyKind.Decorative, _ => FontFamilyKind.Auto },
                    e.Child("pitch").Val switch { "fixed" => FontPitch.Fixed, "variable" => FontPitch.Variable, _ => FontPitch.Default },
                    e.Child("charset").Val == "02",
                    Embedded(e, part, package)));
            }
        }

        return declarations.ToImmutable();
    }

    private static ImmutableArray<byte> Panose(string? value)
    {
        if (value is not { Length: 20 })
        {
            return [];
        }

        try
        {
            return ImmutableCollectionsMarshal.AsImmutableArray(Convert.FromHexString(value));
        }
        catch (FormatException)
        {
            return [];
        }
    }

    private static ImmutableArray<EmbeddedFace> Embedded(Element font, string part, OpcPackage package)
    {
        var faces = ImmutableArray.CreateBuilder<EmbeddedFace>();
        foreach (var e in font.Elements)
        {
            var (isFace, isBold, isItalic) = e.Name switch
            {
                "embedRegular" => (true, false, false),
                "embedBold" => (true, true, false),
                "embedItalic" => (true, false, true),
                "embedBoldItalic" => (true, true, true),
                _ => default,
            };
            if (!isFace || package.RelationshipsOf(part).FirstOrDefault(r => r.Id == e[Ns.Relationships, "id"] && !r.IsExternal) is not { } relationship || !package.Has(relationship.Target))
            {
                continue;
            }

            var bytes = package.ReadBytes(relationship.Target);
            Reveal(bytes, e["fontKey"]);
            faces.Add(new EmbeddedFace(isBold, isItalic, ImmutableCollectionsMarshal.AsImmutableArray(bytes)));
        }

        return faces.ToImmutable();
    }

    // The first 32 bytes are mixed with the key, from its last byte to its first, twice (§17.8.1).
    private static void Reveal(byte[] bytes, string? key)
    {
        if (bytes.Length < 32 || key is null || !Guid.TryParse(key, CultureInfo.InvariantCulture, out _))
        {
            return;
        }

        var digits = key.Where(char.IsAsciiHexDigit).ToArray();
        if (digits.Length != 32)
        {
            return;
        }

        var mask = Convert.FromHexString(digits);
        Array.Reverse(mask);
        for (var i = 0; i < 32; i++)
        {
            bytes[i] ^= mask[i % 16];
        }
    }
}
