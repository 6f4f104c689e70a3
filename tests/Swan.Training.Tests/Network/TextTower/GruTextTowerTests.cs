using Swan.Training.Network;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Network.TextTower;

public sealed class GruTextTowerTests
{
    [Fact]
    public void Captions_of_any_order_of_lengths_give_what_libtorchs_own_sorting_gives()
    {
        using var scope = NewDisposeScope();
        const int Width = 12, Length = 7;
        manual_seed(5);
        using var tower = new GruTextTower(new SwanNetworkOptions { EmbeddingSize = Width, WordDimension = 8, VocabularyRows = 30 });
        tower.eval();
        Tensor ids = randint(1, 30, [6, Length]), lengths = tensor(new long[] { 3, 7, 1, 3, 5, 7 });
        var modules = tower.named_children().ToDictionary(m => m.name, m => m.module);

        Tensor actual = tower.call(ids, lengths), expected = Sorted();

        Assert.True(expected.eq(actual).all().item<bool>(), "They differ.");
        Assert.True(actual[2, 0].abs().sum().item<float>() > 0);
        Assert.Equal(0, actual[2].narrow(0, 1, Length - 1).abs().sum().item<float>());

        Tensor Sorted()
        {
            Tensor words = ((Embedding)modules["embed"]).call(ids);
            using var packed = nn.utils.rnn.pack_padded_sequence(words, lengths, batch_first: true, enforce_sorted: false);
            (nn.utils.rnn.PackedSequence output, _) = ((GRU)modules["rnn"]).call(packed);
            using (output)
            {
                (Tensor both, _) = nn.utils.rnn.pad_packed_sequence(output, batch_first: true, total_length: Length);
                return (both.narrow(2, 0, Width) + both.narrow(2, Width, Width)) / 2;
            }
        }
    }
}
