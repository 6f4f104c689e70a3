using System.Buffers.Binary;
using System.Numerics;
using Swan.MLNet.Imaging;

namespace Swan.MLNet.Tests.Imaging.Identity;

public sealed class ImageIdentitySetTests
{
    private static readonly ImageIdentity[] Images = Random(300, seed: 1);

    [Fact]
    public void Every_image_is_found_and_no_other_is()
    {
        var set = new ImageIdentitySet([.. Images, .. Images[..50]]);

        Assert.Equal(300, set.Count);
        Assert.Equal(new ImageOverlap(300, 0), set.IntersectWith(Images));
        Assert.Equal(new ImageOverlap(2, 0), set.IntersectWith([Images[7], Images[7]]));
        Assert.Equal(default, set.IntersectWith(Random(300, seed: 2)));
        Assert.Equal(default, ImageIdentitySet.Empty.IntersectWith(Images));
    }

    [Fact]
    public void A_set_finds_look_alikes_as_comparing_with_all_does()
    {
        var random = new Random(4);
        ImageIdentity[] dense =
            [.. Enumerable.Range(0, 500).Select(i => new ImageIdentity((ulong)i, Flipped(Images[i % 5].PerceptualHash, 9)))];
        var set = new ImageIdentitySet(dense);
        int alike = 0;
        for (int i = 0; i < 2000; i++)
        {
            ulong look = Flipped(dense[random.Next(dense.Length)].PerceptualHash, random.Next(12));
            bool near = dense.Any(d => BitOperations.PopCount(d.PerceptualHash ^ look) <= 7);
            ImageMatch expected = near ? ImageMatch.LookAlike : ImageMatch.None;
            alike += near ? 1 : 0;

            Assert.Equal(expected, set.Find(new ImageIdentity(ulong.MaxValue, look)));
        }
        Assert.InRange(alike, 500, 1990);

        ulong Flipped(ulong hash, int bits)
        {
            for (int bit = 0; bit < bits; bit++) hash ^= 1UL << random.Next(64);
            return hash;
        }
    }

    [Fact]
    public void A_lie_anywhere_in_a_file_is_refused_or_harmless_and_takes_no_memory()
    {
        using var stream = new MemoryStream();
        new ImageIdentitySet(Images[..9]).Write(stream);
        byte[] bytes = stream.ToArray();

        Lies.AssertBounded(bytes, Enumerable.Range(0, bytes.Length - 3), lie => ImageIdentitySet.Read(new MemoryStream(lie), "lie"));
    }

    [Fact]
    public void Counting_ends_when_canceled()
    {
        var canceled = new CancellationToken(canceled: true);

        Assert.ThrowsAny<OperationCanceledException>(() => new ImageIdentitySet(Images).IntersectWith(Images, canceled));
        Assert.ThrowsAny<OperationCanceledException>(() => ImageCopies.Count(Images, canceled));
    }

    [Fact]
    public void Pictures_without_a_hash_are_compared_by_their_bytes_only()
    {
        var set = new ImageIdentitySet([new(1, PerceptualHash.None), new(2, PerceptualHash.None)]);

        Assert.Equal(ImageMatch.Identical, set.Find(new(1, PerceptualHash.None)));
        Assert.Equal(ImageMatch.None, set.Find(new(3, PerceptualHash.None)));
        Assert.Equal(ImageMatch.None, set.Find(new(3, 1)));
    }

    [Fact]
    public void Identical_flat_files_hide_no_look_alikes_between_two_sets()
    {
        ImageIdentity flat = new(1, PerceptualHash.None), otherFlat = new(2, PerceptualHash.None);
        ImageIdentity[] pictures = Images[..4];
        ImageIdentity[] savedAgain = [.. pictures.Select(p => new ImageIdentity(p.ContentHash + 1, p.PerceptualHash ^ 0b101))];

        Assert.Equal(new ImageOverlap(2, 4), Shared([flat, otherFlat, .. savedAgain], [flat, otherFlat, .. pictures]));
        Assert.Equal(new ImageOverlap(4, 0), Shared([flat, .. pictures], pictures));
        Assert.Equal(new ImageOverlap(4, 0), Shared(pictures, [flat, .. pictures]));

        static ImageOverlap Shared(ImageIdentity[] learned, ImageIdentity[] measured) =>
            new ImageIdentitySet(learned).IntersectWith(new ImageIdentitySet(measured));
    }

    [Fact]
    public void A_union_has_both_and_is_complete_where_both_are()
    {
        var first = new ImageIdentitySet(Images[..100]);
        var second = new ImageIdentitySet(Images[50..], isComplete: false);

        ImageIdentitySet union = first.Union(second);

        Assert.Equal((300, false), (union.Count, union.IsComplete));
        Assert.Equal(Bytes(new ImageIdentitySet(Images)), Bytes(first.Union(new(Images[50..]))));
        Assert.False(first.WithUnknownImages().IsComplete);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(300, true)]
    [InlineData(20_000, false)] // more than are read at once
    public void What_was_written_is_read_back_and_written_as_the_same_bytes(int count, bool isComplete)
    {
        ImageIdentity[] images = Random(count, seed: 3);
        byte[] bytes = Bytes(new ImageIdentitySet(images, isComplete));

        ImageIdentitySet read = ImageIdentitySet.Read(new MemoryStream(bytes), "set");

        Assert.Equal(20 + 16 * count, bytes.Length);
        Assert.Equal((count, isComplete), (read.Count, read.IsComplete));
        Assert.Equal(new ImageOverlap(count, 0), read.IntersectWith(images));
        Assert.Equal(bytes, Bytes(read));
    }

    [Fact]
    public void The_file_is_little_endian_whatever_the_machine()
    {
        byte[] bytes = Bytes(new ImageIdentitySet([new(0x0102030405060708, 0x1112131415161718)]));

        Assert.Equal("53574944" + "01000000" + "01000000" + "01000000" + "01000000" + "0807060504030201" + "1817161514131211",
            Convert.ToHexString(bytes));
    }

    [Theory]
    [InlineData("no magic", "doesn't begin with 'SWID'")]
    [InlineData("short", "doesn't begin with 'SWID'")]
    [InlineData("newer", "version 2, but this version of Swan.MLNet reads version 1. Update Swan.MLNet")]
    [InlineData("flag", "its header has 2 as the mark of completeness")]
    [InlineData("huge", "its header claims 2,147,483,647 files")]
    [InlineData("negative", "its header claims -1 files")]
    [InlineData("more than there are", "ends before the 16,777,216 hashes that its header claims")]
    [InlineData("cut", "ends before the 300 hashes that its header claims")]
    [InlineData("longer", "continues after its last hash")]
    [InlineData("unsorted", "its hash 1 is not greater than the one before it")]
    [InlineData("repeated", "its hash 1 is not greater than the one before it")]
    [InlineData("none", "lists the perceptual hash that means 'none'")]
    public void A_damaged_file_is_refused_with_what_is_wrong(string damage, string expected)
    {
        byte[] bytes = Bytes(new ImageIdentitySet(Images));
        switch (damage)
        {
            case "no magic": bytes[0] = (byte)'s'; break;
            case "short": bytes = bytes[..19]; break;
            case "newer": bytes[4] = 2; break;
            case "flag": bytes[8] = 2; break;
            case "huge": Count(int.MaxValue); break;
            case "negative": Count(-1); break;
            case "more than there are": Count(ImageIdentitySet.MaxCount); break;
            case "cut": bytes = bytes[..^1]; break;
            case "longer": bytes = [.. bytes, 0]; break;
            case "unsorted": bytes.AsSpan(20, 8).Fill(0xFF); break;
            case "repeated": bytes.AsSpan(20, 8).CopyTo(bytes.AsSpan(28)); break;
            case "none": bytes.AsSpan(20 + 300 * 8, 8).Clear(); break;
        }

        string message = Assert.Throws<SwanFormatException>(() => ImageIdentitySet.Read(new MemoryStream(bytes), "learned.bin")).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("'learned.bin'", message, StringComparison.Ordinal);

        void Count(int files) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), files);
    }

    private static ImageIdentity[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new ImageIdentity((ulong)random.NextInt64(), (ulong)random.NextInt64()))];
    }

    private static byte[] Bytes(ImageIdentitySet set)
    {
        using var stream = new MemoryStream();
        set.Write(stream);
        return stream.ToArray();
    }
}
