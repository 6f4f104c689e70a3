using Swan.Training.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Swan.Training.Network;

/// <summary>Word vectors and a bidirectional GRU whose directions are averaged: what checkpoints call <c>text_encoder</c>.</summary>
/// <remarks>Source: docs/spec/network.md, section 3, step 1.</remarks>
internal sealed class GruTextTower : TextTower
{
    private readonly Embedding embed;
    private readonly GRU rnn;

    // Never used, but part of every published checkpoint.
    private readonly Linear projection;
    private readonly int _width;
    private readonly double _dropout;

    public GruTextTower(SwanNetworkOptions options) : base(nameof(GruTextTower))
    {
        _width = options.EmbeddingSize;
        _dropout = 0.4 * options.DropoutScale;
        embed = Embedding(options.VocabularyRows, options.WordDimension);
        init.uniform_(embed.weight!, -0.1, 0.1);
        rnn = GRU(options.WordDimension, _width, batchFirst: true, bidirectional: true);
        projection = Linear(_width, _width);
        RegisterComponents();
    }

    /// <summary>ids N×L, lengths N (on the CPU) → h N×L×D; rows past a caption's end are 0.</summary>
    public override Tensor forward(Tensor ids, Tensor lengths)
    {
        // Many small steps, each of which depends on the last: bfloat16 would add its rounding up.
        using IDisposable? float32 = Autocast.Suspend(ids.device_type);
        // cuDNN wants all weights in one chunk of memory, in its own order. In training they are parts of a longer one (FlatParameters), so
        // libtorch copies these few megabytes at each call and would warn of it each time. Its flatten_parameters would take them out of
        // training.
        using IDisposable? hushed = ids.device_type == TorchSharp.DeviceType.CPU ? null : LibTorchWarnings.Hush();
        Tensor words = functional.dropout(embed.call(ids), _dropout, training); // N×L×W
        // On a GPU this waits for libtorch's own sorting. Sorted lengths would not, but TorchSharp then counts tensors that aren't there.
        using var packed = nn.utils.rnn.pack_padded_sequence(words, lengths, batch_first: true, enforce_sorted: false);
        (nn.utils.rnn.PackedSequence output, Tensor _) = rnn.call(packed);
        using (output)
        {
            (Tensor both, Tensor _) = nn.utils.rnn.pad_packed_sequence(output, batch_first: true, total_length: ids.shape[1]); // N×L×2D
            return (both.narrow(2, 0, _width) + both.narrow(2, _width, _width)) / 2;
        }
    }
}
