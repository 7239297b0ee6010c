"""all-MiniLM-L6-v2 as an ONNX graph built from its safetensors, so that no deep-learning framework is
needed: BERT with mean pooling, vectors of length 1."""
import json

import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

HEADS = 12


class Graph:
    """Nodes and constants of an ONNX graph under construction; values are named by counting."""

    def __init__(self, weights):
        self.weights, self.nodes, self.constants, self.names = weights, [], [], 0

    def name(self):
        self.names += 1
        return f"v{self.names}"

    def const(self, array, kind=np.float32):
        name = self.name()
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array, dtype=kind), name))
        return name

    def op(self, kind, *inputs, **attributes):
        name = self.name()
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def linear(self, x, prefix):
        product = self.op("MatMul", x, self.const(self.weights[prefix + ".weight"].T))
        return self.op("Add", product, self.const(self.weights[prefix + ".bias"]))

    def norm(self, x, prefix):
        centred = self.op("Sub", x, self.op("ReduceMean", x, axes=[-1], keepdims=1))
        variance = self.op("ReduceMean", self.op("Mul", centred, centred), axes=[-1], keepdims=1)
        deviation = self.op("Sqrt", self.op("Add", variance, self.const(1e-12)))
        scaled = self.op("Mul", self.op("Div", centred, deviation), self.const(self.weights[prefix + ".weight"]))
        return self.op("Add", scaled, self.const(self.weights[prefix + ".bias"]))

    def attention(self, x, prefix, bias, width):
        split = self.const([0, 0, HEADS, width // HEADS], np.int64)
        q, k, v = (self.op("Reshape", self.linear(x, f"{prefix}.self.{part}"), split) for part in ("query", "key", "value"))
        q, v = (self.op("Transpose", y, perm=[0, 2, 1, 3]) for y in (q, v))
        scores = self.op("MatMul", q, self.op("Transpose", k, perm=[0, 2, 3, 1]))
        scores = self.op("Mul", scores, self.const((width // HEADS) ** -0.5))
        weights = self.op("Softmax", self.op("Add", scores, bias), axis=-1)
        mixed = self.op("Transpose", self.op("MatMul", weights, v), perm=[0, 2, 1, 3])
        mixed = self.op("Reshape", mixed, self.const([0, 0, width], np.int64))
        return self.linear(mixed, prefix + ".output.dense")

    def gelu(self, x):
        erf = self.op("Erf", self.op("Div", x, self.const(2**0.5)))
        return self.op("Mul", self.op("Mul", x, self.op("Add", erf, self.const(1))), self.const(0.5))


def build(weights):
    """The serialised graph: input_ids, attention_mask (batch x tokens) to embedding (batch x width)."""
    layers = 1 + max(int(k.split(".")[2]) for k in weights if k.startswith("encoder.layer."))
    g, e = Graph(weights), "embeddings."
    width = weights[e + "word_embeddings.weight"].shape[1]
    one = g.const([1], np.int64)
    words = g.op("Gather", g.const(weights[e + "word_embeddings.weight"]), "input_ids")
    places = g.op("Sub", g.op("CumSum", "attention_mask", g.const(1, np.int64)), one)
    places = g.op("Gather", g.const(weights[e + "position_embeddings.weight"]), places)
    x = g.op("Add", g.op("Add", words, places), g.const(weights[e + "token_type_embeddings.weight"][0]))
    x = g.norm(x, e + "LayerNorm")
    mask = g.op("Cast", "attention_mask", to=TensorProto.FLOAT)
    hidden = g.op("Sub", g.const(1), g.op("Unsqueeze", mask, g.const([1, 2], np.int64)))
    bias = g.op("Mul", hidden, g.const(-10000))
    for n in range(layers):
        p = f"encoder.layer.{n}."
        x = g.norm(g.op("Add", x, g.attention(x, p + "attention", bias, width)), p + "attention.output.LayerNorm")
        inner = g.gelu(g.linear(x, p + "intermediate.dense"))
        x = g.norm(g.op("Add", x, g.linear(inner, p + "output.dense")), p + "output.LayerNorm")
    shown = g.op("Mul", x, g.op("Unsqueeze", mask, g.const([2], np.int64)))
    mean = g.op("Div", g.op("ReduceSum", shown, one, keepdims=0), g.op("ReduceSum", mask, one, keepdims=1))
    length = g.op("Sqrt", g.op("ReduceSum", g.op("Mul", mean, mean), one, keepdims=1))
    g.nodes.append(helper.make_node("Div", [mean, length], ["embedding"]))
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, ["B", "T"]) for n in ("input_ids", "attention_mask")]
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["B", width])
    graph = helper.make_graph(g.nodes, "teacher", inputs, [output], g.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return model.SerializeToString()


class Teacher:
    def __init__(self, folder):
        vocabulary = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
        self.vocab = sorted(vocabulary, key=vocabulary.get)
        self.session = ort.InferenceSession(build(load_file(str(folder / "model.safetensors"))))

    def encode(self, ids, limit=160, batch=32):
        """Unit vectors of token lists, which are cut to `limit`; lists of like length go together."""
        ids = [[101, *row[: limit - 2], 102] for row in ids]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        out = []
        for start in range(0, len(order), batch):
            part = [ids[i] for i in order[start : start + batch]]
            tokens = np.zeros((len(part), max(map(len, part))), np.int64)
            mask = np.zeros_like(tokens)
            for n, row in enumerate(part):
                tokens[n, : len(row)], mask[n, : len(row)] = row, 1
            out.append(self.session.run(None, {"input_ids": tokens, "attention_mask": mask})[0])
        vectors = np.concatenate(out)
        return vectors[np.argsort(order)]
