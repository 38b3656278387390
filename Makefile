# 两个命令就够:make run(运行)、make test(全部测试)。其余给开发者。
SHELL := /bin/bash
.DEFAULT_GOAL := help
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 2

help: ## 列出命令
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## 建立运行环境 .venv
	@scripts/setup run

run: setup ## 建环境、建库、按需训练,并启动 http://127.0.0.1:5005
	@.venv/bin/xiaoxiao run

train: setup ## 训练(数据没变就跳过)
	@.venv/bin/xiaoxiao train

test: ## 建测试环境并跑全部检查与测试
	@scripts/setup test
	@scripts/test

lint: ## 只跑静态检查
	@scripts/setup test
	@scripts/lint

evaluate: ## 评测理解的准确率,写入 docs/accuracy.md
	@scripts/setup test
	@.venv/bin/python -m bench.accuracy

bench: ## 与原版 Rasa 同场测速,写入 docs/performance.md
	@scripts/setup test
	@.venv/bin/python -m bench

lock: ## 重新锁定依赖(需要 uv)
	@scripts/lock

clean: ## 删掉生成的东西(环境、模型、本地数据保留在 var/)
	rm -rf models .rasa .pytest_cache .mypy_cache .ruff_cache .hypothesis results

.PHONY: help setup run train test lint evaluate bench lock clean
