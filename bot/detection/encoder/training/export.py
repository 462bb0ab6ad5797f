"""Write the trained network as ONNX in eight bits: `python -m bot.detection.encoder.training.export FOLDER`."""  # noqa: E501

import argparse
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from bot.detection.encoder.training.folded import Folded
from bot.detection.encoder.training.lighter import SHIPPED
from bot.detection.encoder.training.network import Network
from bot.detection.encoder.training.source import load
from bot.detection.encoder.training.train import packed_encoder
from bot.detection.encoder.training.vocabulary import named, stored

_HERE = Path(__file__).parents[1]


def trained(folder: Path, layers: int) -> tuple[Network, list[str], list[float]]:
    """The network a training run left in a folder, with its pieces and their scores."""
    source = load(packed_encoder())
    chosen = stored(source, folder)
    network = Network(source, chosen, range(layers))
    network.load_state_dict(torch.load(folder / "network.pt", weights_only=True))
    network.eval()
    return network, *named(source, chosen)


def write(network: Network, pieces: list[str], scores: list[float], target: Path) -> None:
    """The two files that ship: `encoder.onnx` and `pieces.txt`."""
    whole = target / "encoder.float.onnx"
    torch.onnx.export(
        Folded(network),
        (torch.tensor([0, 5, 6, 7, 2]),),
        str(whole),
        input_names=["pieces"],
        output_names=["names", "content", "outputs"],
        dynamic_axes={
            "pieces": {0: "length"},
            "names": {0: "length"},
            "content": {0: "length"},
        },
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(
        whole,
        target / "encoder.onnx",
        weight_type=QuantType.QInt8,
        per_channel=True,
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
    )
    whole.unlink()
    lines = [f"{piece}\t{score:.4f}" for piece, score in zip(pieces, scores, strict=True)]
    (target / "pieces.txt").write_text("\n".join(lines) + "\n", "utf-8")


def main() -> None:
    """Export a training run into the package, or into another folder."""
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--layers", type=int, default=SHIPPED)
    asked.add_argument("--target", type=Path, default=_HERE)
    args = asked.parse_args()
    args.target.mkdir(parents=True, exist_ok=True)
    network, pieces, scores = trained(args.folder, args.layers)
    write(network, pieces, scores, args.target)


if __name__ == "__main__":
    main()
