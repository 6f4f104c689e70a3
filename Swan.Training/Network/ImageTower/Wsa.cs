using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Swan.Training.Network;

/// <summary>WSA: one transformer layer over the tokens of <see cref="Sfgs"/>, then feature-map fusion.</summary>
/// <remarks>
/// Source: docs/spec/network.md, section 2, step 4. Fusion averages the D rows of Wᵀ·x for a learned W (1×T×D), which is exactly Σ_c
/// w̄[c]·x[c] with w̄[c] the mean of W[c] over D: 65 thousand multiplications instead of 33.5 million.
/// </remarks>
internal sealed class Wsa : Module<Tensor, Tensor>
{
    private readonly MultiHeadAttention mhatt;
    private readonly TransformerFeedForward ffn;
    private readonly LayerNorm norm1, norm2;
    private readonly Parameter fmp_weight;
    private readonly double _dropout;

    public Wsa(int tokens, int width, int heads, double dropout) : base(nameof(Wsa))
    {
        _dropout = dropout;
        mhatt = new MultiHeadAttention(width, heads, dropout);
        ffn = new TransformerFeedForward(width);
        norm1 = LayerNorm(width);
        norm2 = LayerNorm(width);
        fmp_weight = Parameter(empty(1, tokens, width));
        init.xavier_uniform_(fmp_weight);
        RegisterComponents();
    }

    /// <summary>x N×T×D → N×D.</summary>
    public override Tensor forward(Tensor x)
    {
        x = norm1.call(x + functional.dropout(mhatt.call(x), _dropout, training));
        x = norm2.call(x + functional.dropout(ffn.call(x), _dropout, training));
        Tensor share = fmp_weight.mean([2]); // 1×T
        return einsum("it,ntd->nd", share, x);
    }

    /// <summary>In published weights the projections play shuffled roles: K̂·V̂ᵀ scores, and Q̂ is what is weighed.</summary>
    private sealed class MultiHeadAttention : Module<Tensor, Tensor>
    {
        private readonly Linear linear_v, linear_k, linear_q, linear_merge;
        private readonly int _heads, _headWidth;
        private readonly double _dropout;

        public MultiHeadAttention(int width, int heads, double dropout) : base(nameof(MultiHeadAttention))
        {
            (_heads, _headWidth, _dropout) = (heads, width / heads, dropout);
            linear_v = Linear(width, width);
            linear_k = Linear(width, width);
            linear_q = Linear(width, width);
            linear_merge = Linear(width, width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            Tensor mixed = functional.scaled_dot_product_attention(
                Heads(linear_k.call(x)), Heads(linear_v.call(x)), Heads(linear_q.call(x)), p: training ? _dropout : 0);       // N×H×T×D/H
            return linear_merge.call(mixed.transpose(1, 2).flatten(2));                                                       // N×T×D

            Tensor Heads(Tensor y) => y.view(y.shape[0], y.shape[1], _heads, _headWidth).transpose(1, 2);
        }
    }

    private sealed class TransformerFeedForward : Module<Tensor, Tensor>
    {
        private readonly Sequential net;

        public TransformerFeedForward(int width) : base(nameof(TransformerFeedForward))
        {
            // Index 2 of published checkpoints is a dropout of rate 0, which is the identity, so there is none here; the second map keeps
            // its number, 3.
            net = Sequential(("0", Linear(width, 2 * width)), ("1", GELU()), ("3", Linear(2 * width, width)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => net.call(x);
    }
}
