using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Swan.Training.Network;

/// <summary>MiniLM-L6 (Wang et al. 2020): a BERT encoder of 6 layers, 384 wide, post-norm, exact GELU; then a linear map to D.</summary>
/// <remarks>
/// <para>On a CPU a batch runs in a few parts of about equal length, so that short captions don't pay for the longest one's padding: most
/// of a batch is half as long as its longest. On a GPU it runs at once, as each operation costs a launch.</para>
/// Parameters are named after their place (<c>layers.0.attention.query</c>), as <see cref="Weights.TextWeights"/> reads them. Padding is
/// masked. Without the map to D, the mean over a text's tokens is its sentence vector.
/// </remarks>
internal sealed class MiniLmTextTower : TextTower
{
    internal const int Width = 384, HeadCount = 12, LayerCount = 6, FeedForwardWidth = 1536, Positions = 512;
    internal const double Epsilon = 1e-12;
    private const double Dropout = 0.1;

    // More parts pad less, but each converts all weights to bfloat16 and adds up all their gradients once more.
    private const int MostParts = 4, LeastRows = 32;

    private readonly Embeddings embeddings;
    private readonly ModuleList<Layer> layers;
    private readonly Linear head;
    private readonly double _dropout;

    public MiniLmTextTower(SwanNetworkOptions options) : base(nameof(MiniLmTextTower))
    {
        _dropout = Dropout * options.DropoutScale;
        embeddings = new Embeddings(options.VocabularyRows);
        layers = ModuleList(Enumerable.Range(0, LayerCount).Select(_ => new Layer(_dropout)).ToArray());
        head = Linear(Width, options.EmbeddingSize);
        RegisterComponents();
    }

    /// <summary>Whether matrix products run in bfloat16 in training mode.</summary>
    public bool Bfloat16 { get; set; }

    public override Tensor forward(Tensor ids, Tensor lengths)
    {
        long count = ids.shape[0], longest = ids.shape[1];
        if (count <= LeastRows || ids.device_type != TorchSharp.DeviceType.CPU) return Part(ids, lengths, longest);

        Tensor byLength = lengths.argsort();                                                                          // N, on the CPU
        Tensor[] parts = [.. byLength.split(Math.Max(LeastRows, (count + MostParts - 1) / MostParts))
            .Select(rows => Part(ids.index_select(0, rows), lengths.index_select(0, rows), longest))];
        return cat(parts, 0).index_select(0, byLength.argsort());
    }

    // Rows that belong together: only as many positions as the longest of them has, then zeros up to L.
    private Tensor Part(Tensor ids, Tensor lengths, long padded)
    {
        long length = lengths.max().item<long>();
        ids = ids.narrow(1, 0, length);
        Tensor words = SequenceMask.Mask(lengths, length, ids.device);                                              // N×L
        // N×1×1×L
        Tensor bias = zeros(words.shape, device: ids.device)
            .masked_fill(words.logical_not(), double.NegativeInfinity)
            .unsqueeze(1)
            .unsqueeze(1);
        Tensor x = functional.dropout(embeddings.call(ids), _dropout, training);                                       // N×L×384
        Product product = Bfloat16 && training ? InBfloat16 : (linear, y) => linear.call(y);
        foreach (Layer layer in layers) x = layer.call(x, bias, product);
        x = head.call(x) * words.unsqueeze(2);                                                                         // N×L×D
        return functional.pad(x, [0, 0, 0, padded - length]);
    }

    private static Tensor InBfloat16(Linear linear, Tensor x) =>
        functional.linear(x.to(ScalarType.BFloat16), linear.weight!.to(ScalarType.BFloat16), linear.bias!.to(ScalarType.BFloat16))
            .to(ScalarType.Float32);

    /// <summary>How a linear map is computed.</summary>
    private delegate Tensor Product(Linear linear, Tensor x);

    private sealed class Embeddings : Module<Tensor, Tensor>
    {
        private readonly Parameter word, position, type;
        private readonly LayerNorm norm;

        public Embeddings(int rows) : base(nameof(Embeddings))
        {
            word = Parameter(randn(rows, Width) * 0.02);
            position = Parameter(randn(Positions, Width) * 0.02);
            type = Parameter(randn(2, Width) * 0.02);
            norm = LayerNorm(Width, eps: Epsilon);
            RegisterComponents();
        }

        // A caption is one segment: type 0.
        public override Tensor forward(Tensor ids) =>
            norm.call(word.index_select(0, ids.flatten()).view(ids.shape[0], ids.shape[1], Width) + position.narrow(0, 0, ids.shape[1])
                + type[0]);
    }

    private sealed class Layer : Module<Tensor, Tensor, Product, Tensor>
    {
        private readonly Attention attention;
        private readonly Ffn ffn;

        public Layer(double dropout) : base(nameof(Layer))
        {
            attention = new Attention(dropout);
            ffn = new Ffn(dropout);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, Tensor bias, Product product) => ffn.call(attention.call(x, bias, product), product);
    }

    private sealed class Attention : Module<Tensor, Tensor, Product, Tensor>
    {
        private readonly Linear query, key, value, @out;
        private readonly LayerNorm norm;
        private readonly double _dropout;

        public Attention(double dropout) : base(nameof(Attention))
        {
            _dropout = dropout;
            query = Linear(Width, Width);
            key = Linear(Width, Width);
            value = Linear(Width, Width);
            @out = Linear(Width, Width);
            norm = LayerNorm(Width, eps: Epsilon);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, Tensor bias, Product product)
        {
            Tensor mixed = functional.scaled_dot_product_attention(
                Heads(product(query, x)), Heads(product(key, x)), Heads(product(value, x)), bias, training ? _dropout : 0); // N×12×L×32
            mixed = mixed.transpose(1, 2).flatten(2);                                                                      // N×L×384
            return norm.call(x + functional.dropout(product(@out, mixed), _dropout, training));

            static Tensor Heads(Tensor y) => y.view(y.shape[0], y.shape[1], HeadCount, Width / HeadCount).transpose(1, 2);
        }
    }

    private sealed class Ffn : Module<Tensor, Product, Tensor>
    {
        private readonly Linear up, down;
        private readonly LayerNorm norm;
        private readonly double _dropout;

        public Ffn(double dropout) : base(nameof(Ffn))
        {
            _dropout = dropout;
            up = Linear(Width, FeedForwardWidth);
            down = Linear(FeedForwardWidth, Width);
            norm = LayerNorm(Width, eps: Epsilon);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, Product product) =>
            norm.call(x + functional.dropout(product(down, functional.gelu(product(up, x))), _dropout, training));
    }
}
