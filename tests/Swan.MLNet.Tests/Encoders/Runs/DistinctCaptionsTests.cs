using CsCheck;
using Swan.MLNet.Encoders;
using Swan.MLNet.Text;

namespace Swan.MLNet.Tests.Encoders;

public sealed class DistinctCaptionsTests
{
    [Fact]
    public void Each_row_belongs_to_one_caption_with_its_ids() =>
        Gen.Int[0, 2].Array[1, 3].Array[0, 60].Sample(ids =>
        {
            TokenizedCaption[] rows = [.. ids.Select(i => new TokenizedCaption(i, false))];
            var distinct = new DistinctCaptions(rows);
            int[][] rowsOf = [.. distinct.Captions.Select((_, caption) => distinct.RowsOf(caption).ToArray())];

            Assert.Equal(ids.Select(i => string.Join(' ', i)).Distinct(), distinct.Captions.Select(c => string.Join(' ', c.Ids)));
            Assert.Equal(Enumerable.Range(0, rows.Length), rowsOf.SelectMany(r => r).Order());
            Assert.All(rowsOf.Zip(distinct.Captions), p =>
            {
                Assert.Equal(p.First.Order(), p.First);
                Assert.All(p.First, row => Assert.Equal(p.Second.Ids, rows[row].Ids));
            });
        });
}
