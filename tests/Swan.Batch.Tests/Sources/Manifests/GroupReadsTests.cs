using Swan.Batch.Sources;

namespace Swan.Batch.Tests.Sources;

public sealed class GroupReadsTests
{
    private const long Group = 1L << 30;

    [Fact]
    public void A_manifest_in_the_order_of_its_keys_is_read_about_once_and_nobody_is_warned()
    {
        GroupReads reads = Read(shards: 10, image => image / 50);
        Assert.Equal(20 * Group, reads.All);
        Assert.Null(reads.Warning);
        // At the seams, a row group belongs to two shards.
        reads = Read(shards: 7, image => image / 50);
        Assert.InRange(reads.All, 20 * Group, 26 * Group);
        Assert.Null(reads.Warning);
    }

    [Fact]
    public void A_manifest_in_another_order_is_read_by_each_shard_and_a_warning_has_the_numbers()
    {
        GroupReads reads = Read(shards: 10, image => image % 20);
        Assert.Equal(200 * Group, reads.All);
        Assert.Contains("The shards read 215 GB of 'm.parquet' together, and one up to 21 GB", reads.Warning, StringComparison.Ordinal);
        Assert.Contains("though the images are in 21 GB", reads.Warning, StringComparison.Ordinal);
        Assert.Contains("Sort the manifest by 'id'", reads.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_in_a_manifest_is_read_from_its_stamp()
    {
        var place = new ManifestPlace(3, 14, "etag:a b c");
        Assert.Equal(place, ManifestPlace.Of(place.Stamp));
    }

    private static GroupReads Read(int shards, Func<int, int> groupOf)
    {
        GroupReads reads = Reads();
        for (int image = 0, shard = 1; image < 1000; image++)
        {
            reads.Add(groupOf(image));
            if (image + 1 == 1000 * shard / shards)
            {
                reads.EndShard();
                shard++;
            }
        }
        return reads;
    }

    private static GroupReads Reads() => new([.. Enumerable.Repeat(Group, 20)], "m.parquet", "id");
}
