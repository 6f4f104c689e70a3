using System.Text;
using CsCheck;
using Swan.Batch.Stores;

namespace Swan.Batch.Tests.Stores;

public sealed class SortedObjectsTests
{
    // Much that is alike, of all lengths in UTF-8, and what ends lines.
    private static readonly Gen<string> s_key =
        Gen.OneOf("a", "b", "/", "é", "\uD7FF", "\uE000", "\uFFFD", "🛰", "\t", "\n", "\v", "\f", "\r", "\u0001", "\u0002", "\u000E", " ")
            .Array[0, 5].Select(string.Concat);

    [Fact]
    public void Texts_are_in_the_order_of_their_bytes() => Gen.Select(s_key, s_key).Sample((x, y) =>
        Assert.Equal(
            Math.Sign(Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y))),
            Math.Sign(Utf8Order.Instance.Compare(x, y))));

    [Fact]
    public void Objects_are_sorted_the_same_whether_or_not_they_fit_in_memory() => s_key.Array[0, 40].Sample(keys =>
    {
        StoredObject[] objects = [.. keys.Select((key, i) => new StoredObject(key, i, $"etag:\"{i}\"\n\t"))];
        using var sorted = new SortedObjects(objectsInMemory: 7);
        foreach (StoredObject stored in objects) sorted.Add(stored);
        StoredObject[] found = [.. sorted.InOrder()];
        Assert.Equal(objects.Select(o => o.Key).Order(Utf8Order.Instance), found.Select(o => o.Key));
        Assert.Equal(objects.OrderBy(o => o.Size), found.OrderBy(o => o.Size));
    }, iter: 200, threads: 1);
}
