using System.Buffers.Binary;
using CsCheck;
using Swan.Batch.Output;

namespace Swan.Batch.Tests.Output;

/// <summary>Thrift's compact protocol, on the footers that Parquet.Net writes.</summary>
public sealed class ThriftStructTests : IDisposable
{
    private readonly BatchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_footer_is_written_as_it_was_read()
    {
        byte[] footer = await FooterAsync();
        ThriftStruct read = ThriftStruct.Read([.. footer, 1, 2, 3], out int length);
        Assert.Equal(footer.Length, length);
        Assert.Equal(footer, read.ToBytes());
    }

    [Fact]
    public async Task Damaged_footers_are_told_or_read_and_nothing_else()
    {
        byte[] footer = await FooterAsync();
        Gen.Select(Gen.Int[0, footer.Length - 1], Gen.Byte, Gen.Int[0, footer.Length]).Sample((at, value, cut) =>
        {
            byte[] damaged = footer[..cut];
            if (at < cut) damaged[at] = value;
            try
            {
                // What can be read can be written, and is the same then.
                byte[] written = ThriftStruct.Read(damaged, out _).ToBytes();
                Assert.Equal(written, ThriftStruct.Read(written, out int length).ToBytes());
                Assert.Equal(written.Length, length);
            }
            catch (InvalidDataException)
            {
            }
        });
    }

    [Fact]
    public void What_nests_without_end_is_refused() =>
        Assert.Throws<InvalidDataException>(() => ThriftStruct.Read(Enumerable.Repeat((byte)0x1C, 100_000).ToArray(), out _));

    private async Task<byte[]> FooterAsync()
    {
        await WrittenManifest.RunAsync(_folder);
        byte[] file = await File.ReadAllBytesAsync(Assert.Single(_folder.Parquets), TestContext.Current.CancellationToken);
        return file[^(8 + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(file.Length - 8)))..^8];
    }
}
