using System.Buffers.Binary;
using System.IO.Compression;
using ClinicFlow.Documents.Package;
using Xunit;

namespace ClinicFlow.Documents.Tests.Package;

public sealed class PackageFuzzTests
{
    // Numbers that lengths, counts and places are set to.
    private static readonly uint[] Odd = [0, 1, 0xFF, 0xFFFE, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF];

    [Fact]
    public void Ten_thousand_broken_files_are_refused_or_read_and_nothing_else()
    {
        var random = new Random(20261123);
        byte[][] seeds =
        [
            OpcPackageTests.Docx().Add("word/media/i.png", Noise(random, 900)).Bytes(),
            new RawZip { IsZip64 = true, Comment = "comment" }.Add("[Content_Types].xml", "<a/>"u8.ToArray()).Add("b", Noise(random, 50), entry => entry with { HasDescriptor = true, Flags = 8 }).Bytes(),
            Merge.WordFile.FromText("Dear {{name}}\n| a | b |"),
        ];
        var limits = new PackageLimits { MaxFileBytes = 1 << 20, MaxInflatedBytes = 4 << 20, MaxXmlPartBytes = 1 << 20 };
        var codes = new HashSet<string>();
        var read = 0;
        for (var round = 0; round < 10_000; round++)
        {
            var file = Break(seeds[random.Next(seeds.Length)], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ReadAll(file, limits);
                read++;
            }
            catch (TemplatePackageException e)
            {
                codes.Add(e.Code);
            }
            catch (Exception e)
            {
                Assert.Fail($"round {round}: {e}");
            }

            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 32 << 20, $"round {round} allocates more than the limits allow");
        }

        // The fuzz reaches both ways out, and more than the first check.
        Assert.True(read > 100, $"only {read} files were read");
        Assert.Superset(new HashSet<string> { "damaged", "not-a-zip", "not-a-docx", "too-many-entries", "inflates-too-much", "password-protected" }, codes);
    }

    [Fact]
    public void Ten_thousand_broken_parts_in_sound_files_are_refused_or_read_and_nothing_else()
    {
        var random = new Random(7);
        using var sound = new ZipArchive(new MemoryStream(Merge.WordFile.FromText("Dear {{name}}\n| a | b |")));
        var parts = sound.Entries.Select(entry =>
        {
            using var stream = entry.Open();
            using var bytes = new MemoryStream();
            stream.CopyTo(bytes);
            return (entry.FullName, Bytes: bytes.ToArray());
        }).ToArray();
        var refused = 0;
        for (var round = 0; round < 10_000; round++)
        {
            var broken = random.Next(parts.Length);
            var zip = new RawZip();
            for (var i = 0; i < parts.Length; i++)
            {
                var bytes = i == broken ? Break(parts[i].Bytes, random) : parts[i].Bytes;
                zip.Add(parts[i].FullName, bytes, entry => entry with { Method = 0, Data = bytes, Compressed = (uint)bytes.Length });
            }

            try
            {
                ReadAll(zip.Bytes(), PackageLimits.Default);
            }
            catch (TemplatePackageException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"round {round}: {e}");
            }
        }

        Assert.InRange(refused, 1000, 9999);
    }

    private static void ReadAll(byte[] file, PackageLimits limits)
    {
        var package = OpcPackage.Open(new MemoryStream(file), limits, allowMacros: false);
        foreach (var name in package.EntryNames)
        {
            package.ReadBytes(name);
            package.Copy(name);
        }

        package.ReadXml(package.MainPart);
        foreach (var part in package.PartNames)
        {
            package.RelationshipsOf(part);
        }
    }

    private static byte[] Break(byte[] seed, Random random)
    {
        var file = seed.ToList();
        for (var change = random.Next(1, 5); change > 0; change--)
        {
            var at = random.Next(file.Count);
            switch (random.Next(7))
            {
                case 0:
                    file[at] = (byte)random.Next(256);
                    break;
                case 1:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    file.RemoveRange(at, Math.Min(file.Count - at, random.Next(1, 30)));
                    break;
                case 3:
                    file.InsertRange(at, file.GetRange(at, Math.Min(file.Count - at, random.Next(1, 60))));
                    break;
                case 4:
                    file.RemoveRange(at, random.Next(4) == 0 ? file.Count - at : 0);
                    break;
                default:
                    // Most of what a ZIP states is in its directory, near the end.
                    Set(file, Math.Max(0, file.Count - random.Next(1, 500)), random);
                    break;
            }

            if (file.Count == 0)
            {
                break;
            }
        }

        return [.. file];
    }

    private static void Set(List<byte> file, int at, Random random)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(number, Odd[random.Next(Odd.Length)]);
        for (var i = 0; i < (random.Next(2) == 0 ? 2 : 4) && at + i < file.Count; i++)
        {
            file[at + i] = number[i];
        }
    }

    private static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
