using CsCheck;
using Swan.MLNet.Encoders;

namespace Swan.MLNet.Tests.Encoders;

public sealed class InOrderTests
{
    [Fact]
    public void Results_are_handed_on_in_order_however_runs_end() =>
        Gen.Shuffle(Enumerable.Range(0, 20).ToArray()).Sample(ends =>
        {
            var taken = new List<(int Run, float Value)>();
            var results = new InOrder(ends.Length, (run, embeddings) => taken.Add((run, embeddings[0])));
            foreach (int run in ends)
            {
                results.Add(run, [run]);
                if (run % 3 > 0) results.HandOn();
            }
            results.HandOn();

            Assert.Equal(Enumerable.Range(0, ends.Length).Select(run => (run, (float)run)), taken);
        });
}
