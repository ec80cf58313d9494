using ClinicFlow.Batch.Encryption;
using ClinicFlow.Batch.Tests.Archive;
using Xunit;

namespace ClinicFlow.Batch.Tests.Encryption;

public sealed class DataCipherTests
{
    private const string Json = """{"patient":"Müller 请","n":1}""";
    private static readonly Guid Job = Guid.Parse("0c0ffee0-0000-4000-8000-000000000001");

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData(Json)]
    public void What_was_encrypted_is_read_again(string text)
    {
        var cipher = new DataCipher(new TestKeys("a"));

        Assert.Equal(text, cipher.Decrypt(cipher.Encrypt(text, DataCipher.PlaceOf(Job, 3)), DataCipher.PlaceOf(Job, 3)));
    }

    [Fact]
    public void The_same_text_never_looks_the_same()
    {
        var cipher = new DataCipher(new TestKeys("a"));

        Assert.NotEqual(cipher.Encrypt(Json, [1]), cipher.Encrypt(Json, [1]));
    }

    [Fact]
    public void A_changed_byte_is_refused_wherever_it_is()
    {
        var cipher = new DataCipher(new TestKeys("key 1"));
        var data = cipher.Encrypt(Json, [1]);

        for (var i = 0; i < data.Length; i++)
        {
            data[i] ^= 1;
            var failure = Record.Exception(() => cipher.Decrypt(data, [1]));
            Assert.True(failure is EncryptedDataDamagedException || (failure is EncryptionKeyMissingException && i is >= 1 and <= 6), $"{i}: {failure}");
            data[i] ^= 1;
            Assert.Throws<EncryptedDataDamagedException>(() => cipher.Decrypt(data.AsSpan(0, i), [1]));
        }
    }

    [Fact]
    public void Rows_that_were_exchanged_are_refused()
    {
        var cipher = new DataCipher(new TestKeys("a"));
        var data = cipher.Encrypt(Json, DataCipher.PlaceOf(Job, 3));

        Assert.Throws<EncryptedDataDamagedException>(() => cipher.Decrypt(data, DataCipher.PlaceOf(Job, 4)));
        Assert.Throws<EncryptedDataDamagedException>(() => cipher.Decrypt(data, DataCipher.PlaceOf(Guid.NewGuid(), 3)));
    }

    [Fact]
    public void Another_key_is_refused_and_a_missing_one_is_named()
    {
        var data = new DataCipher(new TestKeys("a")).Encrypt(Json, [1]);

        Assert.Throws<EncryptedDataDamagedException>(() => new DataCipher(new TestKeys("a") { Salt = 1 }).Decrypt(data, [1]));
        Assert.Equal("a", Assert.Throws<EncryptionKeyMissingException>(() => new DataCipher(new TestKeys("b")).Decrypt(data, [1])).KeyId);
    }

    [Fact]
    public void After_a_key_was_added_the_old_rows_are_read_and_new_ones_take_it()
    {
        var old = new DataCipher(new TestKeys("a")).Encrypt(Json, [1]);
        var cipher = new DataCipher(new TestKeys("a", "b"));

        Assert.Equal(Json, cipher.Decrypt(old, [1]));
        Assert.Equal(Json, new DataCipher(new TestKeys("b")).Decrypt(cipher.Encrypt(Json, [1]), [1]));
    }
}
