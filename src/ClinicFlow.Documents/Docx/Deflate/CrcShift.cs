namespace ClinicFlow.Documents.Docx.Deflate;

/// <summary>
/// Joining CRC-32 values: the CRC of two runs of bytes from the CRCs of each. Appending n bytes multiplies the CRC by
/// x^8n modulo the polynomial, bits reflected as ZIP uses them (ITU-T V.42 §8.1.1.6.2).
/// </summary>
internal static class CrcShift
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] Table = MakeTable();

    // x^8n for n below 256, and for n = 256, 512 … : most lengths are a product of two of them.
    private static readonly uint[] Low = MakePowers(1u << 23);
    private static readonly uint[] High = MakePowers(Multiply(Low[255], 1u << 23));

    /// <summary>x^8n mod P.</summary>
    public static uint OfLength(long bytes)
    {
        var result = Multiply(Low[bytes & 0xFF], High[(bytes >> 8) & 0xFF]);
        if (bytes < 1 << 16)
        {
            return result;
        }

        var power = Multiply(High[255], High[1]);
        for (var n = bytes >> 16; n > 0; n >>= 1)
        {
            if ((n & 1) != 0)
            {
                result = Multiply(result, power);
            }

            power = Multiply(power, power);
        }

        return result;
    }

    /// <summary>a·b mod P.</summary>
    public static uint Multiply(uint a, uint b)
    {
        var product = 0u;
        for (var i = 0; i < 32; i++)
        {
            // Without branches: which bits are set is as good as random.
            product ^= b & (uint)((int)a >> 31);
            a <<= 1;
            b = (b >> 1) ^ (Polynomial & (0u - (b & 1)));
        }

        return product;
    }

    /// <summary>The CRC after more bytes.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        var state = ~crc;
        foreach (var value in bytes)
        {
            state = Table[(byte)(state ^ value)] ^ (state >> 8);
        }

        return ~state;
    }

    private static uint[] MakePowers(uint factor)
    {
        var powers = new uint[256];
        powers[0] = 1u << 31;
        for (var i = 1; i < powers.Length; i++)
        {
            powers[i] = Multiply(powers[i - 1], factor);
        }

        return powers;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value >> 1) ^ (Polynomial & (0u - (value & 1)));
            }

            table[i] = value;
        }

        return table;
    }
}
